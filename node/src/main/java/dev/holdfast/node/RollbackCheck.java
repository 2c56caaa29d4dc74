package dev.holdfast.node;

import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.Labels;
import dev.holdfast.node.context.NodeContext;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.run.Ballot;
import dev.holdfast.protocol.run.StoreMark;
import dev.holdfast.protocol.run.Witness;
import dev.holdfast.protocol.statement.RollbackAcceptance;
import dev.holdfast.protocol.statement.SignedStatement;
import java.util.Optional;

/// Compares the store, as it was when it was opened, with what providers remember of it. A store
/// that went back, or that has another history, ends the run: whoever swapped the disk must not be
/// the one who waves it through, so going on needs the release keys' signature over exactly this.
///
/// Spec: docs/spec/protocol.md#rollback
final class RollbackCheck {
  private final NodeContext context;
  private Optional<Local> local = Optional.empty();
  private Optional<Witness.Signed> behind = Optional.empty();
  private Optional<Witness.Signed> accepted = Optional.empty();

  /// The store as it was found: its account, the instance that last wrote to it, its mark.
  record Local(AccountId account, Bytes storeId, long instance, StoreMark mark) {
    private Witness witness() {
      return new Witness(account, new Ballot(instance, Bytes.zero(Ballot.RUN_SIZE)), mark);
    }
  }

  RollbackCheck(NodeContext context) {
    this.context = context;
  }

  void opened(Local found) {
    local = Optional.of(found);
  }

  /// Takes what a provider remembers; `own` is the present run, whose witnesses say nothing about
  /// the store as it was.
  void see(Witness.Signed remembered, Optional<Ballot> own) {
    if (local.isEmpty()
        || own.equals(Optional.of(remembered.witness().ballot()))
        || accepted.filter(past -> isCovered(remembered.witness(), past.witness())).isPresent()) {
      return;
    }
    Witness.Order order = local.get().witness().compare(remembered.witness());
    boolean wentBack = order == Witness.Order.OLDER || order == Witness.Order.FORKED;
    boolean worse =
        behind
            .filter(known -> remembered.witness().compare(known.witness()) != Witness.Order.NEWER)
            .isEmpty();
    if (wentBack && worse) {
      behind = Optional.of(remembered);
      Setback why = Setback.lasting(Setback.ROLLED_BACK, words(order, remembered.witness()));
      context.goOn();
      context.end(NodeContext.End.rolledBack(why));
      context.report(new Event.RolledBack(why));
    }
  }

  private static boolean isCovered(Witness remembered, Witness past) {
    Witness.Order order = remembered.compare(past);
    return order == Witness.Order.OLDER || order == Witness.Order.SAME;
  }

  private String words(Witness.Order order, Witness remembered) {
    Local found = local.orElseThrow();
    String kind =
        order == Witness.Order.FORKED
            ? "the store has another history than its providers remember"
            : "the store is older than its providers remember";
    return "%s: found run %d, %s; remembered run %d, %s"
        .formatted(
            kind,
            found.instance(),
            found.mark(),
            remembered.ballot().instance(),
            remembered.mark());
  }

  /// What would have to be signed, while the store is found to have gone back.
  Optional<RollbackAcceptance> demanded() {
    if (behind.isEmpty()) {
      return Optional.empty();
    }
    Local found = local.orElseThrow();
    Witness.Signed remembered = behind.get();
    return Optional.of(
        new RollbackAcceptance(
            found.account(),
            found.storeId(),
            found.instance(),
            found.mark(),
            remembered.witness().mark().storeVersion(),
            remembered.digest()));
  }

  /// Goes on when `statement` is exactly what is demanded and enough release keys signed it.
  void accept(SignedStatement statement) {
    Optional<RollbackAcceptance> demanded = demanded();
    boolean holds =
        demanded.filter(asked -> asked.toBytes().equals(statement.body())).isPresent()
            && statement.holds(
                context.workshop.crypto(),
                context.config.posture().safeguards().releaseKeys(),
                Labels.ACCEPTANCE_SIGNATURE);
    if (!holds) {
      context.report(
          new Event.Failed(
              Setback.lasting(
                  Setback.ACCEPTANCE_REFUSED,
                  "the acceptance is not for this state, or too few release keys signed it")));
      return;
    }
    context.report(new Event.RollbackAccepted(context.ended().orElseThrow().why()));
    accepted = behind;
    behind = Optional.empty();
    context.goOn();
  }
}
