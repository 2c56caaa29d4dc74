package dev.holdfast.simulator.tcb;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CertificateRecipe;
import dev.holdfast.simulator.pki.P256Key;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A TCB info or QE identity: its members in document order, and who signs it. A changed recipe
/// gives a document that is wrong and validly signed; `signature` changes the 64 bytes after
/// signing.
///
/// @param text changes the document's text before it is signed
/// @param signer whose certificate comes first in the issuer chain
/// @param key signs instead of the signer's own key
/// @param certificate changes the signer's certificate, which is then issued anew
/// @param issuerChain changes the DER certificates of the issuer chain, signer first
public record DocumentRecipe(
    List<Member> members,
    UnaryOperator<String> text,
    Authority signer,
    Optional<P256Key> key,
    UnaryOperator<CertificateRecipe> certificate,
    UnaryOperator<List<Bytes>> issuerChain,
    UnaryOperator<Bytes> signature) {

  /// One member of the document and its value as JSON.
  public record Member(String name, String json) {}

  public DocumentRecipe {
    members = List.copyOf(members);
  }

  /// A document of `members`, signed as Intel does.
  public static DocumentRecipe of(List<Member> members) {
    return new DocumentRecipe(
        members,
        UnaryOperator.identity(),
        Authority.TCB_SIGNING,
        Optional.empty(),
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        UnaryOperator.identity());
  }

  /// The form of every date in these documents.
  public static String date(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// The exact text that is signed.
  public String toText() {
    JsonWriter document = JsonWriter.object();
    members.forEach(member -> document.raw(member.name(), member.json()));
    return text.apply(document.toString());
  }

  /// Sets a member to a value given as JSON, in its place or at the end.
  public DocumentRecipe withJson(String name, String json) {
    Member changed = new Member(name, json);
    List<Member> all =
        new ArrayList<>(members.stream().map(m -> m.name().equals(name) ? changed : m).toList());
    if (!all.contains(changed)) {
      all.add(changed);
    }
    return withMembers(all);
  }

  public DocumentRecipe with(String name, String value) {
    return withJson(name, JsonWriter.quote(value));
  }

  public DocumentRecipe with(String name, long value) {
    return withJson(name, Long.toString(value));
  }

  public DocumentRecipe without(String name) {
    return withMembers(members.stream().filter(m -> !m.name().equals(name)).toList());
  }

  public DocumentRecipe withMembers(List<Member> value) {
    return new DocumentRecipe(value, text, signer, key, certificate, issuerChain, signature);
  }

  public DocumentRecipe withDates(Instant issueDate, Instant nextUpdate) {
    return with("issueDate", date(issueDate)).with("nextUpdate", date(nextUpdate));
  }

  public DocumentRecipe withEvaluationNumber(int value) {
    return with("tcbEvaluationDataNumber", value);
  }

  /// The levels of a TCB info.
  public DocumentRecipe withTcbLevels(List<TcbLevel> value) {
    return withJson("tcbLevels", array(value.stream().map(TcbLevel::toJson).toList()));
  }

  /// The levels of a QE identity.
  public DocumentRecipe withIsvLevels(List<IsvLevel> value) {
    return withJson("tcbLevels", array(value.stream().map(IsvLevel::toJson).toList()));
  }

  public DocumentRecipe withModule(TdxModule value) {
    return withJson("tdxModule", value.toJson().toString());
  }

  public DocumentRecipe withModuleIdentities(List<TdxModule> value) {
    return withJson("tdxModuleIdentities", array(value.stream().map(TdxModule::toJson).toList()));
  }

  /// Changes the text before it is signed.
  public DocumentRecipe withText(UnaryOperator<String> value) {
    return new DocumentRecipe(members, value, signer, key, certificate, issuerChain, signature);
  }

  /// Signs with that authority's key, its certificate first in the issuer chain.
  public DocumentRecipe withSigner(Authority value) {
    return new DocumentRecipe(members, text, value, key, certificate, issuerChain, signature);
  }

  /// Signs with `value` and leaves the issuer chain as it is.
  public DocumentRecipe withKey(P256Key value) {
    return new DocumentRecipe(
        members, text, signer, Optional.of(value), certificate, issuerChain, signature);
  }

  /// Issues the signer's certificate anew from a changed recipe.
  public DocumentRecipe withCertificate(UnaryOperator<CertificateRecipe> value) {
    return new DocumentRecipe(members, text, signer, key, value, issuerChain, signature);
  }

  /// Changes the issuer chain: DER certificates, signer first, then the root.
  public DocumentRecipe withIssuerChain(UnaryOperator<List<Bytes>> value) {
    return new DocumentRecipe(members, text, signer, key, certificate, value, signature);
  }

  /// Changes the 64 bytes of the signature after signing.
  public DocumentRecipe withSignature(UnaryOperator<Bytes> value) {
    return new DocumentRecipe(members, text, signer, key, certificate, issuerChain, value);
  }

  static String array(List<JsonWriter> items) {
    return "[" + String.join(",", items.stream().map(JsonWriter::toString).toList()) + "]";
  }
}
