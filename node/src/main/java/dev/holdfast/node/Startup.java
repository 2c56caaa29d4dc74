package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Crypto;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Document;
import dev.holdfast.protocol.manifest.Holder;
import dev.holdfast.protocol.manifest.Manifest;
import java.util.Optional;

/// What the files on the disk demand: decided once, at the start, by a pure function. A store that
/// anybody could depend on is never passed over for a fresh one.
///
/// Spec: docs/spec/lifecycle.md#start
sealed interface Startup {
  /// Nothing is there: make an account and a store.
  record Fresh() implements Startup {}

  /// A pending manifest from before any deposit was sent: nobody can have the key, no user ever
  /// wrote. Set it and its store aside, loudly, then start fresh.
  record SetAside(AccountId account) implements Startup {}

  record Recover(Manifest.Received manifest) implements Startup {}

  /// Nothing can be done until somebody repairs the disk.
  record Stuck(Setback setback) implements Startup {}

  static Startup of(Input.Started started, Crypto crypto) {
    if (started.manifest().isPresent()) {
      return read(started.manifest().get(), "manifest.json", true, crypto);
    }
    if (started.pending().isPresent()) {
      return read(started.pending().get(), "manifest.pending.json", false, crypto);
    }
    if (started.storePresent()) {
      return new Stuck(
          Setback.lasting(
              Setback.MANIFEST_MISSING,
              "there is a store but no manifest.json; restore the manifest, or move the store away"
                  + " to start anew"));
    }
    return new Fresh();
  }

  private static Startup read(Bytes bytes, String file, boolean committed, Crypto crypto) {
    Manifest.Received received;
    try {
      received = Manifest.parse(bytes);
    } catch (MalformedException e) {
      String version =
          e.field().equals(Document.VERSION_PATH) ? " (written by another version?)" : "";
      return new Stuck(
          Setback.lasting(Setback.MANIFEST_MALFORMED, file + version + ": " + Setback.words(e)));
    }
    Manifest manifest = received.manifest();
    if (manifest.committed() != committed) {
      return new Stuck(
          Setback.lasting(
              Setback.MANIFEST_CHANGED, file + " says committed = " + manifest.committed()));
    }
    Optional<Holder> falseReceipt = received.falseReceipt(crypto);
    if (falseReceipt.isPresent()) {
      return new Stuck(
          Setback.lasting(
              Setback.MANIFEST_CHANGED,
              file + ": the receipt of " + falseReceipt.get().account() + " is not signed by it"));
    }
    return manifest.holders().isEmpty()
        ? new SetAside(manifest.terms().depositor())
        : new Recover(received);
  }
}
