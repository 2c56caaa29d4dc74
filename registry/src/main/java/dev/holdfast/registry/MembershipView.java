package dev.holdfast.registry;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.protocol.AccountId;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a registry said at one moment. Immutable.
///
/// @param revision grows with every change, for as long as the registry object lives; means nothing
///   beyond it
/// @param listings the accounts, ascending, each once
/// @param stale why the registry could not be read since; absent when this is what it says now
/// @param ignored the first of what the registry holds and this view leaves out, for people
/// @param ignoredCount all of it
public record MembershipView(
    long revision,
    List<Listing> listings,
    Optional<String> stale,
    List<Ignored> ignored,
    int ignoredCount) {

  /// How many entries [#ignored] names.
  public static final int MAX_IGNORED = 32;

  public MembershipView {
    listings = List.copyOf(listings);
    ignored = List.copyOf(ignored);
    InvariantError.check(ignored.size() <= MAX_IGNORED, "few ignored entries are named");
  }

  /// Nothing seen yet.
  static MembershipView none(String stale) {
    return new MembershipView(0, List.of(), Optional.of(stale), List.of(), 0);
  }

  /// The listing of `account`.
  public Optional<Listing> find(AccountId account) {
    int index = indexOf(listings, account);
    return index < 0 ? Optional.empty() : Optional.of(listings.get(index));
  }

  /// The index of `account` in ascending `listings`, negative when it is not there.
  static int indexOf(List<Listing> listings, AccountId account) {
    return Collections.binarySearch(
        listings, new Listing(account, Bytes.EMPTY), Comparator.comparing(Listing::account));
  }

  /// True when only the revision differs.
  boolean saysTheSameAs(MembershipView other) {
    return stale.equals(other.stale)
        && ignoredCount == other.ignoredCount
        && ignored.equals(other.ignored)
        && listings.equals(other.listings);
  }

  /// One account with the tag of its record: as long as the tag is the same, so is the record, and
  /// what was verified need not be verified again.
  public record Listing(AccountId account, Bytes tag) {}

  /// Something in the registry that is no member.
  ///
  /// @param where the name there, printable and cut
  /// @param detail what was expected and found; one line, without bytes of the input
  public record Ignored(Kind kind, String where, String detail) {
    private static final int MAX_PRINTED_CHARACTERS = 96;

    /// `name` as people may see it: names come from strangers: `?` for what does not print, at most
    /// 96 characters.
    public static String printable(String name) {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < name.length() && i < MAX_PRINTED_CHARACTERS; i++) {
        char c = name.charAt(i);
        out.append(c > ' ' && c < 0x7f ? c : '?');
      }
      return out.toString();
    }

    /// Why it is ignored.
    ///
    /// Spec: docs/operating/registry.md
    public enum Kind {
      FOREIGN("foreign"),
      NOT_A_FILE("not-a-file"),
      UNREADABLE("unreadable"),
      TOO_LARGE("too-large"),
      MALFORMED("malformed"),
      OTHER_ACCOUNT("other-account"),
      DUPLICATE("duplicate"),
      FULL("full");

      private final String code;

      Kind(String code) {
        this.code = code;
      }

      /// The kebab-case name used in logs and documents.
      public String code() {
        return code;
      }
    }
  }
}
