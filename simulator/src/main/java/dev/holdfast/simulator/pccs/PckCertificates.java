package dev.holdfast.simulator.pccs;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.Pem;
import dev.holdfast.simulator.pki.SgxExtension;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The PCK certificates of the registered platforms, one each.
final class PckCertificates {
  private static final int PPID_SIZE = 16;
  private static final int QE_ID_SIZE = 16;
  private static final int RSA_2048_SIZE = 256;
  private static final int RSA_3072_SIZE = 384;

  private final DevelopmentVendor vendor;
  private final List<SimulatedPlatform> platforms;

  PckCertificates(DevelopmentVendor vendor, List<SimulatedPlatform> platforms) {
    this.vendor = vendor;
    this.platforms = List.copyOf(platforms);
  }

  /// The certificate of the platform that the query names, when it has reached the TCB of it.
  PccsReply answer(Query query) throws RefusedRequest {
    Optional<Bytes> ppid =
        query.hex("encrypted_ppid", List.of(PPID_SIZE, RSA_2048_SIZE, RSA_3072_SIZE));
    Optional<Bytes> qeId = query.hex("qeid", List.of(QE_ID_SIZE));
    Bytes cpuSvn = query.hex("cpusvn", 16);
    Bytes pceSvn = query.hex("pcesvn", 2);
    Bytes pceId = query.hex("pceid", 2);
    if (ppid.isEmpty() && qeId.isEmpty()) {
      throw RefusedRequest.invalid();
    }
    for (SimulatedPlatform platform : platforms) {
      boolean named =
          ppid.map(value -> isPpid(platform, value)).orElse(true)
              && qeId.map(platform.recipe().qeId()::equals).orElse(true);
      if (named && reached(platform.recipe().extension(), cpuSvn, pceSvn, pceId)) {
        return certificate(platform);
      }
    }
    throw RefusedRequest.notFound("No PCK certificate for this platform and TCB.");
  }

  private static boolean isPpid(SimulatedPlatform platform, Bytes value) {
    Bytes own =
        value.size() == PPID_SIZE
            ? platform.recipe().extension().ppid()
            : platform.recipe().encryptedPpid(value.size());
    return own.equals(value);
  }

  private static boolean reached(SgxExtension extension, Bytes cpuSvn, Bytes pceSvn, Bytes pceId) {
    Bytes certified = extension.cpuSvn();
    for (int i = 0; i < certified.size(); i++) {
      if (cpuSvn.at(i) < certified.at(i)) {
        return false;
      }
    }
    int asked = pceSvn.at(0) | pceSvn.at(1) << 8;
    return asked >= extension.pceSvn() && pceId.equals(extension.pceId());
  }

  private PccsReply certificate(SimulatedPlatform platform) {
    SgxExtension extension = platform.recipe().extension();
    Authority ca = platform.recipe().ca();
    Bytes tcbm = new ByteWriter().bytes(extension.cpuSvn()).u16le(extension.pceSvn()).toBytes();
    return PccsReply.of(PccsReply.PEM, Pem.certificate(platform.pckCertificate()))
        .withIssuerChain("SGX-PCK-Certificate-Issuer-Chain", vendor, ca)
        .with("SGX-TCBm", upperHex(tcbm))
        .with("SGX-FMSPC", upperHex(extension.fmspc()))
        .with(
            "SGX-PCK-Certificate-CA-Type", ca == Authority.PLATFORM_CA ? "platform" : "processor");
  }

  private static String upperHex(Bytes bytes) {
    return bytes.toHex().toUpperCase(Locale.ROOT);
  }
}
