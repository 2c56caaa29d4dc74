package dev.holdfast.entropy.v1;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Mnemonic;

/// The original's accounts for development. Everybody knows their phrases.
public enum DevelopmentAccount {
  ALICE("alarm mutual concert decrease hurry invest culture survey diagram crash snap click"),
  BOB("where sight patient orphan general short empower hope party hurt month voice"),
  CHARLIE("lake carry still awful point mention bike category tornado plate brass lock"),
  DAVE("beef dutch panic monkey black glad audit twice humor gossip wealth drive"),
  EVE("impact federal dish number fun crisp various wedding radio immense whisper glue");

  private final String phrase;

  DevelopmentAccount(String phrase) {
    this.phrase = phrase;
  }

  /// Its keys, which the caller closes.
  public TssKeys keys() {
    try (Mnemonic mnemonic = Mnemonic.parse(phrase)) {
      return TssKeys.ofMnemonic(mnemonic);
    } catch (MalformedException e) {
      throw new InvariantError("the phrases are good", e);
    }
  }
}
