package dev.holdfast.entropy.server;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.entropy.account.Account;
import dev.holdfast.entropy.v1.MockQuote;
import dev.holdfast.entropy.v1.Quote;
import java.io.IOException;
import java.security.SecureRandom;

/// Where quotes come from, and who judges those of others. Blocks.
public interface Quoting {
  /// A quote over 64 bytes of report data.
  ///
  /// @param account whose it is; real quotes do not say
  Bytes quote(Account account, Bytes reportData) throws IOException, InterruptedException;

  /// Judges a quote that was parsed from `bytes`; measurement and report data are the caller's.
  ///
  /// @throws MalformedException when it is not genuine
  void requireGenuine(Quote quote, Bytes bytes) throws MalformedException;

  /// The measurement of this build for `/v1/version`; empty outside production.
  default Bytes measurement() throws IOException, InterruptedException {
    return Bytes.EMPTY;
  }

  /// Mock quotes: **whoever can reach this server gets every key**.
  static Quoting mock(SecureRandom random) {
    return new Quoting() {
      @Override
      public Bytes quote(Account account, Bytes reportData) {
        return MockQuote.create(account, reportData, random);
      }

      @Override
      public void requireGenuine(Quote quote, Bytes bytes) throws MalformedException {
        MockQuote.verify(quote);
      }
    };
  }
}
