package dev.holdfast.simulator;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CertificateRecipe;
import dev.holdfast.simulator.pki.SgxExtension;
import dev.holdfast.simulator.tcb.Documents;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A machine and its PCK certificate. A changed recipe gives a chain that is wrong and validly
/// signed.
///
/// @param name every key and id of the platform is derived from it
/// @param ca issues the PCK certificate: [Authority#PLATFORM_CA] or [Authority#PROCESSOR_CA]
/// @param extension the content of the Intel SGX extension
/// @param certificate changes the PCK certificate before it is signed
/// @param intermediate changes the CA's certificate, which is then issued anew
/// @param chain changes the DER certificates of the chain: PCK, CA, root
public record PlatformRecipe(
    String name,
    Authority ca,
    SgxExtension extension,
    UnaryOperator<CertificateRecipe> certificate,
    UnaryOperator<CertificateRecipe> intermediate,
    UnaryOperator<List<Bytes>> chain) {
  /// The FMSPC of every simulated platform unless its recipe says otherwise; no real one has it.
  public static final Bytes DEFAULT_FMSPC = Documents.hex("DE7E57000000");

  private static final int SCALABLE_WITH_INTEGRITY = 2;

  public PlatformRecipe {
    InvariantError.check(
        ca == Authority.PLATFORM_CA || ca == Authority.PROCESSOR_CA, ca + " issues PCKs");
  }

  /// An up-to-date platform of the Platform CA with the default FMSPC.
  public static PlatformRecipe of(String name) {
    SgxExtension extension =
        new SgxExtension(
            id("ppid", name),
            Documents.SGX_SVNS,
            Documents.PCE_SVN,
            Bytes.zero(2),
            DEFAULT_FMSPC,
            SCALABLE_WITH_INTEGRITY,
            Optional.of(
                new SgxExtension.Configuration(id("platform instance", name), true, false, true)),
            UnaryOperator.identity());
    return new PlatformRecipe(
        name,
        Authority.PLATFORM_CA,
        extension,
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }

  /// The same machine under the Processor CA: no platform instance and no configuration.
  public PlatformRecipe underProcessorCa() {
    return new PlatformRecipe(
            name, Authority.PROCESSOR_CA, extension, certificate, intermediate, chain)
        .withExtension(e -> e.withConfiguration(Optional.empty()).withSgxType(0));
  }

  public PlatformRecipe withFmspc(Bytes value) {
    return withExtension(e -> e.withFmspc(value));
  }

  public PlatformRecipe withPpid(Bytes value) {
    return withExtension(e -> e.withPpid(value));
  }

  public PlatformRecipe withExtension(UnaryOperator<SgxExtension> change) {
    return new PlatformRecipe(name, ca, change.apply(extension), certificate, intermediate, chain);
  }

  public PlatformRecipe withCertificate(UnaryOperator<CertificateRecipe> value) {
    return new PlatformRecipe(name, ca, extension, value, intermediate, chain);
  }

  public PlatformRecipe withIntermediate(UnaryOperator<CertificateRecipe> value) {
    return new PlatformRecipe(name, ca, extension, certificate, value, chain);
  }

  public PlatformRecipe withChain(UnaryOperator<List<Bytes>> value) {
    return new PlatformRecipe(name, ca, extension, certificate, intermediate, value);
  }

  /// The 16 bytes that its quoting enclave calls itself by, in the header of every quote.
  public Bytes qeId() {
    return qeId(extension.ppid());
  }

  /// What stands for the PPID encrypted to the vendor: 256 bytes in certification data of type 2,
  /// 384 in type 3. The vendor recognizes it; nobody can decrypt it, since it is no encryption.
  public Bytes encryptedPpid(int size) {
    return encryptedPpid(extension.ppid(), size);
  }

  static Bytes qeId(Bytes ppid) {
    return Frame.of("simulator qe id", ppid).sha256().slice(0, 16);
  }

  static Bytes encryptedPpid(Bytes ppid, int size) {
    ByteWriter out = new ByteWriter();
    while (out.size() < size) {
      out.bytes(Frame.of("simulator ppid", ppid, Bytes.zero(out.size())).sha256());
    }
    return out.toBytes().slice(0, size);
  }

  private static Bytes id(String purpose, String name) {
    return Frame.of("simulator " + purpose).add(name).toBytes().sha256().slice(0, 16);
  }
}
