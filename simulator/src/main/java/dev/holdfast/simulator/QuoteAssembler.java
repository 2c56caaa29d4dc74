package dev.holdfast.simulator;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.pki.P256Key;
import dev.holdfast.simulator.pki.Pem;
import dev.holdfast.simulator.pki.SgxExtension;
import dev.holdfast.simulator.quote.EnclaveField;
import dev.holdfast.simulator.quote.QuoteFormat;
import dev.holdfast.simulator.tcb.Documents;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Puts quotes together. What the quoting enclave says of the attestation key is made once per
/// platform for each of the two standard enclaves.
final class QuoteAssembler {
  private static final int ECDSA_P256 = 2;
  private static final int QE_REPORT_CERTIFICATION = 6;
  private static final Bytes INTEL_QE_VENDOR = Documents.hex("939A7233F79C4CA9940A0DB3957F0607");

  /// The attestation key as the quote shows it, and what certifies it.
  private record Certified(Bytes attestationKey, Bytes qeData) {}

  private final SgxExtension extension;
  private final List<Bytes> chain;
  private final P256Key pck;
  private final P256Key attestationKey;
  private final Bytes pckChain;
  private final Certified forTds;
  private final Certified forEnclaves;

  QuoteAssembler(SgxExtension extension, List<Bytes> chain, P256Key pck, P256Key attestationKey) {
    this.extension = extension;
    this.chain = chain;
    this.pck = pck;
    this.attestationKey = attestationKey;
    this.pckChain = Bytes.copyOf((Pem.chain(chain) + "\0").getBytes(StandardCharsets.US_ASCII));
    this.forTds = certify(QeRecipe.forTds());
    this.forEnclaves = certify(QeRecipe.forEnclaves());
  }

  Bytes assemble(QuoteRecipe recipe, Bytes body) {
    Bytes signed = recipe.signedBytes().apply(signedBytes(recipe, body));
    Certified certified = certified(recipe.qe());
    Bytes signature = recipe.signature().apply(attestationKey.sign(signed));
    Bytes certification = certification(recipe, certified.qeData());
    int size = signature.size() + certified.attestationKey().size() + certification.size();
    Bytes quote =
        new ByteWriter()
            .bytes(signed)
            .u32le(size)
            .bytes(signature)
            .bytes(certified.attestationKey())
            .bytes(certification)
            .bytes(recipe.trailing())
            .toBytes();
    return recipe.tamper().apply(quote);
  }

  private Bytes signedBytes(QuoteRecipe recipe, Bytes body) {
    QuoteFormat format = recipe.format();
    boolean v3 = format.version() == 3;
    EnclaveRecipe qe = recipe.qe().enclave();
    ByteWriter out = new ByteWriter();
    out.u16le(format.version()).u16le(ECDSA_P256).u32le(format.teeType());
    out.bytes(v3 ? qe.field(EnclaveField.ISV_SVN) : Bytes.zero(2));
    out.u16le(v3 ? extension.pceSvn() : 0);
    out.bytes(INTEL_QE_VENDOR);
    out.bytes(PlatformRecipe.qeId(extension.ppid())).u32le(0);
    if (format.bodyType() != 0) {
      out.u16le(format.bodyType()).u32le(body.size());
    }
    return out.bytes(body).toBytes();
  }

  /// What follows the attestation key: flat in version 3, wrapped since.
  private Bytes certification(QuoteRecipe recipe, Bytes qeData) {
    int type = recipe.certificationType();
    Bytes data = recipe.certificationData().orElseGet(() -> certificationData(type));
    Bytes inner =
        new ByteWriter().bytes(qeData).u16le(type).u32le(data.size()).bytes(data).toBytes();
    if (recipe.format().version() == 3) {
      return inner;
    }
    return new ByteWriter()
        .u16le(QE_REPORT_CERTIFICATION)
        .u32le(inner.size())
        .bytes(inner)
        .toBytes();
  }

  private Bytes certificationData(int type) {
    return switch (type) {
      case 1 -> platformId(extension.ppid());
      case 2 -> platformId(PlatformRecipe.encryptedPpid(extension.ppid(), 256));
      case 3 -> platformId(PlatformRecipe.encryptedPpid(extension.ppid(), 384));
      case 4 -> Bytes.copyOf(Pem.certificate(chain.getFirst()).getBytes(StandardCharsets.US_ASCII));
      default -> pckChain;
    };
  }

  private Bytes platformId(Bytes ppid) {
    return new ByteWriter()
        .bytes(ppid)
        .bytes(extension.cpuSvn())
        .u16le(extension.pceSvn())
        .bytes(extension.pceId())
        .toBytes();
  }

  private Certified certified(QeRecipe qe) {
    if (qe.equals(QeRecipe.forTds())) {
      return forTds;
    }
    return qe.equals(QeRecipe.forEnclaves()) ? forEnclaves : certify(qe);
  }

  private Certified certify(QeRecipe qe) {
    Bytes shownKey = qe.attestationKey().apply(attestationKey.point());
    Bytes bound = new ByteWriter().bytes(shownKey).bytes(qe.authData()).toBytes().sha256();
    Bytes reportData = new ByteWriter().bytes(bound).bytes(qe.bindingTail()).toBytes();
    EnclaveRecipe enclave =
        qe.enclave()
            .with(EnclaveField.CPU_SVN, extension.cpuSvn())
            .with(EnclaveField.REPORT_DATA, reportData);
    Bytes report = qe.report().apply(enclave.toBytes());
    Bytes signature = qe.signature().apply(qe.signer().orElse(pck).sign(report));
    Bytes qeData =
        new ByteWriter()
            .bytes(report)
            .bytes(signature)
            .u16le(qe.authData().size())
            .bytes(qe.authData())
            .toBytes();
    return new Certified(shownKey, qeData);
  }
}
