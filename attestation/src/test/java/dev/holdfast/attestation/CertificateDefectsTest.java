package dev.holdfast.attestation;

import static dev.holdfast.attestation.Defect.forged;
import static dev.holdfast.attestation.Defect.genuine;
import static dev.holdfast.attestation.Situation.OTHER_VENDOR;
import static dev.holdfast.attestation.Situation.VENDOR;
import static dev.holdfast.attestation.Situation.collateral;
import static dev.holdfast.attestation.Situation.onPlatform;
import static dev.holdfast.attestation.Situation.tdx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.CollateralRecipe;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.Tampering;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CertificateRecipe;
import dev.holdfast.simulator.pki.CrlRecipe;
import dev.holdfast.simulator.pki.Extension;
import dev.holdfast.simulator.pki.SgxExtension;
import dev.holdfast.simulator.tcb.DocumentRecipe;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Certificates, chains, roles and CRLs. Spec: docs/spec/attestation.md#certificates
class CertificateDefectsTest {
  private static final Bytes OWN_NAME = Bytes.copyOf(new byte[] {0x30, 0});

  @TestFactory
  Stream<DynamicTest> certificates_oneDefect_givesItsReason() {
    return Defect.tests(defects());
  }

  static List<Defect> defects() {
    List<Defect> defects = new ArrayList<>();
    defects.addAll(chains());
    defects.addAll(leaves());
    defects.addAll(intermediates());
    defects.addAll(sgxExtensions());
    defects.addAll(signers());
    defects.addAll(crlIssuers());
    defects.addAll(crls());
    defects.addAll(crlContents());
    defects.addAll(revocations());
    return defects;
  }

  private static List<Defect> chains() {
    return List.of(
        chain("leaf missing", c -> c.subList(1, 3)),
        chain("root missing", c -> c.subList(0, 2)),
        chain("root twice", c -> List.of(c.get(0), c.get(1), c.get(2), c.get(2))),
        chain("CA twice", c -> List.of(c.get(0), c.get(1), c.get(1), c.get(2))),
        chain("reversed", c -> List.of(c.get(2), c.get(1), c.get(0))),
        chain("byte behind a certificate", c -> changed(c, 0, Tampering.append(Bytes.zero(1)))),
        chain("CA of the other kind", c -> changed(c, 1, certificate(Authority.PROCESSOR_CA))),
        chain("TCB signer for a CA", c -> changed(c, 1, certificate(Authority.TCB_SIGNING))),
        chain("root for a CA", c -> changed(c, 1, certificate(Authority.ROOT))),
        chain("CA's signature", c -> changed(c, 1, der -> last(der))),
        chain("leaf's signature", c -> changed(c, 0, der -> last(der))),
        forged(
            "whole chain of another vendor",
            Reason.UNTRUSTED_ROOT,
            tdx()
                .withQuote(
                    OTHER_VENDOR
                        .platform(PlatformRecipe.of("node-a"))
                        .quote(Situation.TD, Situation.REPORT_DATA))),
        forged(
            "root of another vendor",
            Reason.UNTRUSTED_ROOT,
            onPlatform(p ->
                p.withChain(c -> changed(c, 2, der -> OTHER_VENDOR.certificate(Authority.ROOT))))));
  }

  private static List<Defect> leaves() {
    return List.of(
        leaf("another name", c -> c.withSubject("Intel SGX PCK Certificate 2")),
        leaf("name of the TCB signer", c -> c.withSubject("Intel SGX TCB Signing")),
        leaf("issuer of another name", c -> c.withIssuer("Intel SGX PCK Processor CA")),
        leaf("signed by another CA", c -> c.withSigner(VENDOR.key(Authority.PROCESSOR_CA))),
        leaf("signed by the root", c -> c.withSigner(VENDOR.key(Authority.ROOT))),
        leaf("a CA", c -> c.withExtension(Extension.authority(0))),
        leaf("may sign certificates", c -> c.withExtension(Extension.keyUsage(0xc4))),
        leaf("may not sign", c -> c.withExtension(Extension.keyUsage(0x40))),
        leaf("no key usage", c -> c.withoutExtension(Extension.KEY_USAGE)),
        leaf(
            "unknown critical extension",
            c -> c.withAddedExtension(new Extension("1.2.3.4", true, OWN_NAME))),
        leaf("extension twice", c -> c.withAddedExtension(Extension.keyUsage(0xc0))),
        leaf("key off the curve", c -> c.withPoint(Tampering.xor(0, 1).apply(c.point()))),
        leaf("negative serial", c -> c.withSerial(BigInteger.valueOf(-1))),
        leaf("serial of 21 bytes", c -> c.withSerial(BigInteger.ONE.shiftLeft(160))),
        leaf("no SGX extension", c -> c.withoutExtension(SgxExtension.OID)),
        leaf(
            "version 1",
            c ->
                c.withBody(body -> Tampering.put(indexOfVersion(body), Bytes.zero(1)).apply(body))),
        leaf("to-be-signed part with a tail", c -> c.withBody(CertificateDefectsTest::withTail)));
  }

  private static List<Defect> intermediates() {
    return List.of(
        intermediate("another name", c -> c.withSubject("Intel SGX PCK CA")),
        intermediate("no CA", c -> c.withExtension(Extension.endEntity())),
        intermediate("path length 1", c -> c.withExtension(Extension.authority(1))),
        intermediate("may not sign certificates", c -> c.withExtension(Extension.keyUsage(0x02))),
        intermediate("may not sign CRLs", c -> c.withExtension(Extension.keyUsage(0x04))),
        intermediate("signed by itself", c -> c.withSigner(VENDOR.key(Authority.PLATFORM_CA))),
        intermediate(
            "unknown critical extension",
            c -> c.withAddedExtension(new Extension("1.2.3.4", true, OWN_NAME))));
  }

  private static List<Defect> sgxExtensions() {
    return List.of(
        extension("PPID of 15 bytes", e -> e.withPpid(Bytes.zero(15))),
        extension("PPID of 17 bytes", e -> e.withPpid(Bytes.zero(17))),
        extension("PCE-ID of 3 bytes", e -> e.withPceId(Bytes.zero(3))),
        extension("FMSPC of 5 bytes", e -> e.withFmspc(Bytes.zero(5))),
        extension("component 256", e -> e.withComponents(changed(e.components(), 15, c -> 256))),
        extension("component -1", e -> e.withComponents(changed(e.components(), 0, c -> -1))),
        extension("PCESVN 65536", e -> e.withPceSvn(65536)),
        extension("PCESVN -1", e -> e.withPceSvn(-1)),
        extension("SGX type 3", e -> e.withSgxType(3)),
        extension("entry missing", e -> e.withEntries(entries -> entries.subList(1, 5))),
        extension(
            "entry twice", e -> e.withEntries(entries -> joined(entries, entries.subList(0, 1)))),
        extension(
            "unknown entry",
            e ->
                e.withEntries(
                    entries -> joined(entries, List.of(SgxExtension.entry("8", OWN_NAME))))),
        extension(
            "nested entry",
            e ->
                e.withEntries(
                    entries -> joined(entries, List.of(SgxExtension.entry("1.1", OWN_NAME))))));
  }

  private static List<Defect> signers() {
    return List.of(
        tcb(
            "signed by the Platform CA",
            Reason.SIGNER_ROLE_INVALID,
            d -> d.withSigner(Authority.PLATFORM_CA)),
        tcb(
            "signer of another name",
            Reason.SIGNER_ROLE_INVALID,
            d -> d.withCertificate(c -> c.withSubject("Intel SGX TCB Signing 2"))),
        tcb(
            "signer with the name of a PCK",
            Reason.SIGNER_ROLE_INVALID,
            d -> d.withCertificate(c -> c.withSubject("Intel SGX PCK Certificate"))),
        tcb(
            "chain of a PCK",
            Reason.TCB_INFO_ISSUER_CHAIN_INVALID,
            d -> d.withIssuerChain(c -> List.of(c.get(0), c.get(0), c.get(1)))),
        tcb(
            "root missing",
            Reason.TCB_INFO_ISSUER_CHAIN_INVALID,
            d -> d.withIssuerChain(c -> c.subList(0, 1))),
        tcb(
            "reversed",
            Reason.TCB_INFO_ISSUER_CHAIN_INVALID,
            d -> d.withIssuerChain(List::reversed)),
        tcb(
            "signer is a CA",
            Reason.TCB_INFO_ISSUER_CHAIN_INVALID,
            d -> d.withCertificate(c -> c.withExtension(Extension.authority(0)))),
        tcb(
            "signer not signed by the root",
            Reason.TCB_INFO_ISSUER_CHAIN_INVALID,
            d -> d.withCertificate(c -> c.withSigner(VENDOR.key(Authority.TCB_SIGNING)))),
        tcb(
            "signer of another vendor",
            Reason.UNTRUSTED_ROOT,
            d -> d.withIssuerChain(c -> otherSigner())),
        tcb(
            "signed by another key",
            Reason.TCB_INFO_SIGNATURE_INVALID,
            d -> d.withKey(VENDOR.key(Authority.ROOT))),
        tcb(
            "signature of zeros",
            Reason.TCB_INFO_SIGNATURE_INVALID,
            d -> d.withSignature(s -> Bytes.zero(64))),
        tcb(
            "signature of 63 bytes",
            Reason.TCB_INFO_SIGNATURE_INVALID,
            d -> d.withSignature(Tampering.cut(63))),
        qe(
            "signed by the Processor CA",
            Reason.SIGNER_ROLE_INVALID,
            d -> d.withSigner(Authority.PROCESSOR_CA)),
        qe(
            "root missing",
            Reason.QE_IDENTITY_ISSUER_CHAIN_INVALID,
            d -> d.withIssuerChain(c -> c.subList(0, 1))),
        qe(
            "signer of another vendor",
            Reason.UNTRUSTED_ROOT,
            d -> d.withIssuerChain(c -> otherSigner())),
        qe(
            "signed by another key",
            Reason.QE_IDENTITY_SIGNATURE_INVALID,
            d -> d.withKey(VENDOR.key(Authority.ROOT))));
  }

  private static List<Defect> crlIssuers() {
    return List.of(
        forged(
            "CRL issuer is no CA",
            Reason.PCK_CRL_ISSUER_CHAIN_INVALID,
            collateral(c -> c.withCrlIssuer(i -> i.withExtension(Extension.endEntity())))),
        forged(
            "CRL issuer may not sign CRLs",
            Reason.PCK_CRL_ISSUER_CHAIN_INVALID,
            collateral(c -> c.withCrlIssuer(i -> i.withExtension(Extension.keyUsage(0x04))))),
        forged(
            "CRL issuer of another name",
            Reason.SIGNER_ROLE_INVALID,
            collateral(c -> c.withCrlIssuer(i -> i.withSubject("Intel SGX PCK CA")))),
        forged(
            "CRL issuer of another vendor",
            Reason.UNTRUSTED_ROOT,
            member("pck_crl_issuer_chain", text -> otherMember("pck_crl_issuer_chain"))),
        forged(
            "CRL issuer chain is no PEM",
            Reason.PCK_CRL_ISSUER_CHAIN_INVALID,
            member("pck_crl_issuer_chain", text -> "-----BEGIN CERTIFICATE-----")));
  }

  private static List<Defect> crls() {
    return List.of(
        rootCrl("no hexadecimal", Reason.CRL_MALFORMED, text -> "xy"),
        rootCrl("empty", Reason.CRL_MALFORMED, text -> ""),
        rootCrl("cut", Reason.CRL_MALFORMED, text -> text.substring(0, text.length() - 2)),
        rootCrl("with a tail", Reason.CRL_MALFORMED, text -> text + "00"),
        rootCrl(
            "of another vendor", Reason.CRL_SIGNATURE_INVALID, text -> otherMember("root_ca_crl")));
  }

  private static List<Defect> crlContents() {
    return List.of(
        crl(
            "no extensions",
            Reason.CRL_MALFORMED,
            c -> c.withPckCrl(crl -> crl.withExtensions(List.of()))),
        crl(
            "no number",
            Reason.CRL_MALFORMED,
            c ->
                c.withPckCrl(
                    crl -> crl.withExtensions(without(crl.extensions(), Extension.CRL_NUMBER)))),
        crl(
            "no authority key id",
            Reason.CRL_MALFORMED,
            c ->
                c.withRootCrl(crl ->
                    crl.withExtensions(without(crl.extensions(), Extension.AUTHORITY_KEY_ID)))),
        crl(
            "unknown critical extension",
            Reason.CRL_MALFORMED,
            c ->
                c.withPckCrl(crl ->
                    crl.withExtensions(
                        joined(
                            crl.extensions(), List.of(new Extension("1.2.3.4", true, OWN_NAME)))))),
        crl(
            "unknown critical extension of an entry",
            Reason.CRL_MALFORMED,
            c ->
                c.withPckCrl(crl ->
                    crl.withEntry(
                        new CrlRecipe.Entry(
                            BigInteger.TWO,
                            Situation.NOW,
                            List.of(new Extension("1.2.3.4", true, OWN_NAME)))))),
        crl(
            "negative serial in an entry",
            Reason.CRL_MALFORMED,
            c -> c.withPckCrl(crl -> crl.withRevoked(BigInteger.valueOf(-2)))),
        crl(
            "authority key id of another key",
            Reason.CRL_ISSUER_MISMATCH,
            c ->
                c.withPckCrl(crl ->
                    crl.withExtensions(
                        List.of(
                            Extension.authorityKeyId(Bytes.zero(20)), Extension.crlNumber(1))))),
        crl(
            "another issuer",
            Reason.CRL_ISSUER_MISMATCH,
            c -> c.withPckCrl(crl -> crl.withIssuer("Intel SGX PCK Processor CA"))),
        crl(
            "signed by another CA",
            Reason.CRL_SIGNATURE_INVALID,
            c -> c.withPckCrl(crl -> crl.withSigner(VENDOR.key(Authority.PROCESSOR_CA)))),
        crl(
            "root CRL signed by a CA",
            Reason.CRL_SIGNATURE_INVALID,
            c -> c.withRootCrl(crl -> crl.withSigner(VENDOR.key(Authority.PLATFORM_CA)))),
        genuine(
            "of the other CA",
            Reason.CRL_ISSUER_MISMATCH,
            collateral(c -> c.withCa(Authority.PROCESSOR_CA))),
        genuine(
            "of a CA with the same name and another key",
            Reason.CRL_ISSUER_MISMATCH,
            collateral(CertificateDefectsTest::underAnotherKey)));
  }

  private static List<Defect> revocations() {
    return List.of(
        revoked("PCK", c -> c.withPckCrl(crl -> crl.withRevoked(Situation.PLATFORM.serial()))),
        revoked(
            "CA", c -> c.withRootCrl(crl -> crl.withRevoked(VENDOR.serial(Authority.PLATFORM_CA)))),
        revoked(
            "TCB signer",
            c -> c.withRootCrl(crl -> crl.withRevoked(VENDOR.serial(Authority.TCB_SIGNING)))),
        revoked("root", c -> c.withRootCrl(crl -> crl.withRevoked(VENDOR.serial(Authority.ROOT)))));
  }

  @Test
  void revocation_ofOthers_accepted() {
    Situation situation =
        collateral(c ->
            c.withPckCrl(crl -> crl.withRevoked(BigInteger.TWO))
                .withRootCrl(crl -> crl.withRevoked(VENDOR.serial(Authority.PROCESSOR_CA))));
    assertEquals(Situation.REPORT_DATA, situation.assertAccepted().claims().reportData());
  }

  @Test
  void serial_ofAnotherPlatformsCertificate_isNoIdentity() {
    assertEquals(Situation.REPORT_DATA, tdx().assertAccepted().claims().reportData());
    Situation other =
        onPlatform(p -> p.withCertificate(c -> c.withSerial(Situation.PLATFORM.serial())));
    assertNotEquals(
        tdx().assertAccepted().claims().platform().ppid(),
        other.assertAccepted().claims().platform().ppid());
  }

  @Test
  void processorCa_withItsCrl_acceptedWithoutInstanceId() {
    Situation situation =
        onPlatform(PlatformRecipe::underProcessorCa)
            .withCollateral(c -> c.withCa(Authority.PROCESSOR_CA));
    assertEquals(Optional.empty(), situation.assertAccepted().claims().platform().instanceId());
  }

  @Test
  void sgxExtension_entriesInAnotherOrder_accepted() {
    Situation situation = onPlatform(p -> p.withExtension(e -> e.withEntries(List::reversed)));
    assertEquals(
        PlatformRecipe.DEFAULT_FMSPC, situation.assertAccepted().claims().platform().fmspc());
  }

  @Test
  void sgxExtension_componentsOf128AndMore_accepted() {
    Situation situation =
        onPlatform(p -> p.withExtension(e -> e.withComponents(Collections.nCopies(16, 255))));
    assertEquals(
        PlatformRecipe.DEFAULT_FMSPC, situation.assertAccepted().claims().platform().fmspc());
  }

  @Test
  void crl_asPem_accepted() {
    Situation situation = member("root_ca_crl", CertificateDefectsTest::pem);
    assertEquals(Situation.REPORT_DATA, situation.assertAccepted().claims().reportData());
  }

  private static Defect chain(String name, UnaryOperator<List<Bytes>> change) {
    return forged(name, Reason.CERTIFICATE_CHAIN_INVALID, onPlatform(p -> p.withChain(change)));
  }

  private static Defect leaf(String name, UnaryOperator<CertificateRecipe> change) {
    return forged(
        "PCK: " + name,
        Reason.CERTIFICATE_CHAIN_INVALID,
        onPlatform(p -> p.withCertificate(change)));
  }

  private static Defect intermediate(String name, UnaryOperator<CertificateRecipe> change) {
    return forged(
        "CA: " + name,
        Reason.CERTIFICATE_CHAIN_INVALID,
        onPlatform(p -> p.withIntermediate(change)));
  }

  private static Defect extension(String name, UnaryOperator<SgxExtension> change) {
    return forged(
        "SGX extension: " + name,
        Reason.CERTIFICATE_CHAIN_INVALID,
        onPlatform(p -> p.withExtension(change)));
  }

  private static Defect tcb(String name, Reason reason, UnaryOperator<DocumentRecipe> change) {
    return forged("TCB info: " + name, reason, collateral(c -> c.withTcbInfo(change)));
  }

  private static Defect qe(String name, Reason reason, UnaryOperator<DocumentRecipe> change) {
    return forged("QE identity: " + name, reason, collateral(c -> c.withQeIdentity(change)));
  }

  private static Defect rootCrl(String name, Reason reason, UnaryOperator<String> change) {
    return forged("root CRL: " + name, reason, member("root_ca_crl", change));
  }

  private static Defect crl(String name, Reason reason, UnaryOperator<CollateralRecipe> change) {
    return forged("CRL: " + name, reason, collateral(change));
  }

  private static Defect revoked(String name, UnaryOperator<CollateralRecipe> change) {
    return genuine(name, Reason.CERTIFICATE_REVOKED, collateral(change));
  }

  static Situation member(String name, UnaryOperator<String> change) {
    return collateral(c ->
        c.withMembers(members -> {
          members.computeIfPresent(name, (key, value) -> change.apply(value));
          return members;
        }));
  }

  private static String otherMember(String name) {
    Map<String, String> found = new LinkedHashMap<>();
    Bytes json =
        OTHER_VENDOR.collateral(
            Situation.TDX.withMembers(members -> {
              found.putAll(members);
              return members;
            }));
    return found.getOrDefault(name, json.toHex());
  }

  private static List<Bytes> otherSigner() {
    return List.of(
        OTHER_VENDOR.certificate(Authority.TCB_SIGNING), OTHER_VENDOR.certificate(Authority.ROOT));
  }

  /// The PCK CRL and its issuer under a key that the root certified under the CA's name, too.
  private static CollateralRecipe underAnotherKey(CollateralRecipe recipe) {
    var key = OTHER_VENDOR.key(Authority.PLATFORM_CA);
    return recipe
        .withCrlIssuer(issuer -> issuer.withPoint(key.point()))
        .withPckCrl(crl -> crl.withSigner(key));
  }

  private static UnaryOperator<Bytes> certificate(Authority authority) {
    return der -> VENDOR.certificate(authority);
  }

  private static Bytes last(Bytes der) {
    return Tampering.xor(der.size() - 1, 1).apply(der);
  }

  /// `30 len … a0 03 02 01 02`: the version's value is the fifth byte of the content.
  private static int indexOfVersion(Bytes body) {
    int header = body.at(1) < 0x80 ? 2 : 2 + (body.at(1) & 0x7f);
    return header + 4;
  }

  private static Bytes withTail(Bytes body) {
    int size = body.at(2) << 8 | body.at(3);
    return Tampering.append(Bytes.copyOf(new byte[] {5, 0}))
        .andThen(Tampering.put(2, u16(size + 2)))
        .apply(body);
  }

  private static Bytes u16(int value) {
    return Bytes.copyOf(new byte[] {(byte) (value >> 8), (byte) value});
  }

  private static String pem(String hex) {
    String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    return "-----BEGIN X509 CRL-----\n" + base64 + "\n-----END X509 CRL-----\n";
  }

  private static List<Extension> without(List<Extension> extensions, String oid) {
    return extensions.stream().filter(extension -> !extension.oid().equals(oid)).toList();
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static <T> List<T> changed(List<T> items, int index, UnaryOperator<T> change) {
    List<T> all = new ArrayList<>(items);
    all.set(index, change.apply(all.get(index)));
    return all;
  }
}
