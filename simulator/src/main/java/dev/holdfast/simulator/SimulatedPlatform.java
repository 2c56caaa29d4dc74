package dev.holdfast.simulator;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.simulator.pki.P256Key;
import dev.holdfast.simulator.pki.Pem;
import dev.holdfast.simulator.quote.EnclaveField;
import dev.holdfast.simulator.quote.QuoteFormat;
import dev.holdfast.simulator.quote.TdField;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A machine that quotes what runs on it. A quote costs one signature. Immutable and thread-safe.
///
/// Spec: docs/spec/simulator.md#quotes
public final class SimulatedPlatform {
  private final PlatformRecipe recipe;
  private final List<Bytes> chain;
  private final P256Key pck;
  private final QuoteAssembler assembler;

  SimulatedPlatform(PlatformRecipe recipe, List<Bytes> chain, P256Key pck, P256Key attestationKey) {
    this.recipe = recipe;
    this.chain = List.copyOf(chain);
    this.pck = pck;
    this.assembler = new QuoteAssembler(recipe.extension(), this.chain, pck, attestationKey);
  }

  /// A TDX quote of version 4 over 64 bytes of report data.
  public Bytes quote(TdRecipe td, Bytes reportData) {
    return quote(td, reportData, QuoteRecipe.of(QuoteFormat.TDX_V4));
  }

  /// A TDX quote in one of the TDX formats.
  public Bytes quote(TdRecipe td, Bytes reportData, QuoteRecipe quote) {
    InvariantError.check(quote.format().isTdx(), "a TD has a quote of a TDX format");
    Bytes body = td.with(TdField.REPORT_DATA, reportData).toBytes(quote.format().bodySize());
    return assembler.assemble(quote, body);
  }

  /// An SGX quote of version 3 over 64 bytes of report data.
  public Bytes quote(EnclaveRecipe enclave, Bytes reportData) {
    return quote(enclave, reportData, QuoteRecipe.of(QuoteFormat.SGX_V3));
  }

  /// An SGX quote in one of the SGX formats.
  public Bytes quote(EnclaveRecipe enclave, Bytes reportData, QuoteRecipe quote) {
    InvariantError.check(!quote.format().isTdx(), "an enclave has a quote of an SGX format");
    Bytes body =
        enclave
            .with(EnclaveField.CPU_SVN, recipe.extension().cpuSvn())
            .with(EnclaveField.REPORT_DATA, reportData)
            .toBytes();
    return assembler.assemble(quote, body);
  }

  public PlatformRecipe recipe() {
    return recipe;
  }

  /// DER of the PCK certificate.
  public Bytes pckCertificate() {
    return chain.getFirst();
  }

  /// The PCK chain as it stands in quotes: PCK, CA, root in PEM.
  public Bytes pckChainPem() {
    return Bytes.copyOf(Pem.chain(chain).getBytes(StandardCharsets.US_ASCII));
  }

  /// The serial of the PCK certificate, for revoking it.
  public BigInteger serial() {
    return Certificates.serial(pck.point());
  }
}
