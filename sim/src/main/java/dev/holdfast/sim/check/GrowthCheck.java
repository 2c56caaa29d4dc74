package dev.holdfast.sim.check;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.message.Deposit;
import dev.holdfast.protocol.message.DepositParcel;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Counters only grow: every run of an account has a higher instance than all before, and what a
/// provider holds is only replaced by something newer.
public final class GrowthCheck {
  private static final String NAME = "growth";

  private final Map<AccountId, Seen> seen = new TreeMap<>();

  private record Seen(long instance, long process) {}

  /// A run, the `process`-th of all, calls itself `instance` of `account`.
  public void run(AccountId account, long instance, long process) {
    Seen before = seen.get(account);
    if (before != null && before.process() == process) {
      Violation.unless(before.instance() == instance, NAME, "a run changed its instance");
      return;
    }
    Violation.unless(
        before == null || instance > before.instance(),
        NAME,
        "instance " + instance + " of " + account.abbreviated() + " came again");
    seen.put(account, new Seen(instance, process));
  }

  /// The account's disk was rolled back: what it does with its counter is not its fault.
  public void forget(AccountId account) {
    seen.remove(account);
  }

  /// A provider replaced one deposit by another.
  public static void replaced(Optional<Bytes> before, Bytes after) {
    if (before.isEmpty() || before.get().equals(after)) {
      return;
    }
    Deposit old = deposit(before.get());
    Deposit next = deposit(after);
    boolean same =
        next.terms().generation() == old.terms().generation() && next.instance() == old.instance();
    Violation.unless(
        next.terms().generation() >= old.terms().generation()
            && next.instance() >= old.instance()
            && !same,
        NAME,
        "deposit of instance " + next.instance() + " replaced one of " + old.instance());
  }

  private static Deposit deposit(Bytes entry) {
    try (SecretBytes bytes = SecretBytes.take(entry.toArray());
        DepositParcel parcel = DepositParcel.parse(bytes)) {
      return parcel.deposit();
    } catch (MalformedException e) {
      throw new Violation(NAME, "an entry is no deposit: " + e.getMessage());
    }
  }
}
