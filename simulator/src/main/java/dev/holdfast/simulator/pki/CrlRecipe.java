package dev.holdfast.simulator.pki;

import dev.holdfast.codec.Bytes;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What a revocation list will say and who will sign it.
///
/// @param issuer DER of the issuer's name
/// @param entries may be empty: the list is absent then, as Intel leaves it out
/// @param body changes the DER of the part that is signed, before it is signed
/// @param tamper changes the DER of the whole after signing
public record CrlRecipe(
    Bytes issuer,
    Instant thisUpdate,
    Instant nextUpdate,
    List<Entry> entries,
    List<Extension> extensions,
    P256Key signer,
    UnaryOperator<Bytes> body,
    UnaryOperator<Bytes> tamper) {

  /// One revoked serial.
  public record Entry(BigInteger serial, Instant date, List<Extension> extensions) {
    public Entry {
      extensions = List.copyOf(extensions);
    }

    private Bytes toDer() {
      List<Bytes> items = new ArrayList<>(List.of(Der.integer(serial), Der.time(date)));
      if (!extensions.isEmpty()) {
        items.add(Der.sequence(extensions.stream().map(Extension::toDer).toList()));
      }
      return Der.sequence(items);
    }
  }

  private static final int KEY_COMPROMISE = 1;

  public CrlRecipe {
    entries = List.copyOf(entries);
    extensions = List.copyOf(extensions);
  }

  /// The signed list's DER.
  public Bytes issue() {
    List<Bytes> items = new ArrayList<>();
    items.add(Der.integer(1));
    items.add(CertificateRecipe.algorithm());
    items.add(issuer);
    items.add(Der.time(thisUpdate));
    items.add(Der.time(nextUpdate));
    if (!entries.isEmpty()) {
      items.add(Der.sequence(entries.stream().map(Entry::toDer).toList()));
    }
    if (!extensions.isEmpty()) {
      Bytes encoded = Der.sequence(extensions.stream().map(Extension::toDer).toList());
      items.add(Der.explicit(0, encoded));
    }
    return tamper.apply(CertificateRecipe.sign(body.apply(Der.sequence(items)), signer));
  }

  /// Adds `serial` as Intel does: revoked at this update, for key compromise.
  public CrlRecipe withRevoked(BigInteger serial) {
    List<Extension> reason = List.of(Extension.crlReason(KEY_COMPROMISE));
    return withEntry(new Entry(serial, thisUpdate, reason));
  }

  public CrlRecipe withEntry(Entry entry) {
    List<Entry> all = new ArrayList<>(entries);
    all.add(entry);
    return new CrlRecipe(issuer, thisUpdate, nextUpdate, all, extensions, signer, body, tamper);
  }

  /// @param value a common name; the rest of the name stays Intel's
  public CrlRecipe withIssuer(String value) {
    return new CrlRecipe(
        Names.of(value), thisUpdate, nextUpdate, entries, extensions, signer, body, tamper);
  }

  public CrlRecipe withUpdates(Instant from, Instant to) {
    return new CrlRecipe(issuer, from, to, entries, extensions, signer, body, tamper);
  }

  public CrlRecipe withExtensions(List<Extension> value) {
    return new CrlRecipe(issuer, thisUpdate, nextUpdate, entries, value, signer, body, tamper);
  }

  public CrlRecipe withSigner(P256Key value) {
    return new CrlRecipe(issuer, thisUpdate, nextUpdate, entries, extensions, value, body, tamper);
  }

  /// Changes the DER of the part that is signed, before it is signed.
  public CrlRecipe withBody(UnaryOperator<Bytes> value) {
    return new CrlRecipe(
        issuer, thisUpdate, nextUpdate, entries, extensions, signer, value, tamper);
  }

  /// Changes the DER after signing.
  public CrlRecipe withTamper(UnaryOperator<Bytes> value) {
    return new CrlRecipe(issuer, thisUpdate, nextUpdate, entries, extensions, signer, body, value);
  }
}
