package dev.holdfast.daemon.runtime;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.daemon.http.PeerClient;
import dev.holdfast.daemon.log.NodeLog;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.Effect;
import dev.holdfast.node.model.Event;
import dev.holdfast.node.model.HttpReply;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.Outcome;
import dev.holdfast.node.model.Reply;
import dev.holdfast.node.model.Setback;
import dev.holdfast.node.model.Task;
import dev.holdfast.node.work.Workshop;
import dev.holdfast.platform.EvidenceSource;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.ProblemCode;
import dev.holdfast.registry.MembershipRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Carries out the node's commands: each on a virtual thread of its own, at most so many of a kind
/// at once, each answered with one input, also when it fails.
public final class EffectRunner implements AutoCloseable {
  private static final int QUOTES_AT_ONCE = 1;
  private static final int RECORDS_AT_ONCE = 16;
  private static final int CALLS_AT_ONCE = 64;
  private static final int DISK_WRITES_AT_ONCE = 64;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore quotes = new Semaphore(QUOTES_AT_ONCE);
  private final Semaphore calls = new Semaphore(CALLS_AT_ONCE);
  private final Semaphore work = new Semaphore(Runtime.getRuntime().availableProcessors());
  private final Semaphore records = new Semaphore(RECORDS_AT_ONCE);
  private final Semaphore disk = new Semaphore(DISK_WRITES_AT_ONCE);
  private final Tools tools;
  private final Post post;

  /// What the effects are carried out with.
  ///
  /// @param callDeadline for calls that a task leads to
  public record Tools(
      Workshop workshop,
      EvidenceSource evidence,
      MembershipRegistry registry,
      StoreDesk store,
      ReleaseLog releaseLog,
      ManifestFiles manifests,
      PeerClient client,
      Exchanges exchanges,
      NodeLog log,
      InstantSource time,
      Duration callDeadline) {}

  /// Where results go.
  public interface Post {
    void post(Input input) throws InterruptedException;

    void bug(Throwable bug);
  }

  /// Something that ends in an input.
  private interface Work {
    Input run() throws InterruptedException;
  }

  public EffectRunner(Tools tools, Post post) {
    this.tools = tools;
    this.post = post;
  }

  /// Starts `effect`; returns at once.
  public void start(Effect effect) {
    switch (effect) {
      case Effect.Respond respond ->
          tools.exchanges().complete(respond.exchange(), respond.answer());
      case Effect.Report report -> tools.log().event(report.event());
      case Effect.Perform perform -> start(limit(perform.task()), () -> perform(perform.task()));
      case Effect.Send send -> start(calls, () -> call(send.call(), send.deadline()));
      case Effect.MakeQuote quote -> start(quotes, () -> quote(quote));
      case Effect.PublishRecord publish -> start(disk, () -> publish(publish));
      case Effect.WithdrawRecord withdraw -> threads.execute(() -> withdraw(withdraw.account()));
      case Effect.WriteManifest write ->
          start(disk, () -> tools.manifests().write(write.committed(), write.bytes()));
      case Effect.SetPendingAside _ -> start(disk, tools.manifests()::setPendingAside);
      case Effect.CreateStore create ->
          start(
              disk,
              () -> tools.store().create(create.store(), create.rootKey(), create.nodeRecord()));
      case Effect.OpenStore open ->
          start(disk, () -> tools.store().open(open.store(), open.rootKey()));
      case Effect.PeekStore peek -> start(disk, () -> tools.store().peek(peek.store()));
      case Effect.WriteNodeRecord write ->
          start(disk, () -> tools.store().writeNodeRecord(write.nodeRecord()));
      case Effect.WriteLedger write -> start(disk, () -> tools.store().writeLedger(write));
      case Effect.SetWraps set -> start(disk, () -> tools.store().setWraps(set));
      case Effect.AppendLog append -> start(disk, () -> tools.releaseLog().append(append));
      case Effect.WriteStatement write ->
          start(disk, () -> tools.store().writeStatement(write.statement()));
      case Effect.ReadMark _ -> start(disk, () -> tools.store().readMark());
      case Effect.Finish _ -> tools.store().close();
    }
  }

  /// Interrupts what is still running.
  @Override
  public void close() {
    threads.shutdownNow();
  }

  /// Records of strangers may name peers that never answer: they wait on each other, not on what
  /// the node does for itself.
  private Semaphore limit(Task task) {
    return task instanceof Task.JudgeRecord ? records : work;
  }

  private void start(Semaphore limit, Work todo) {
    threads.execute(() -> {
      try {
        limit.acquire();
        Input input;
        try {
          input = todo.run();
        } finally {
          limit.release();
        }
        post.post(input);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | Error e) {
        post.bug(e);
      }
    });
  }

  private Input perform(Task task) throws InterruptedException {
    try {
      return settle(tools.workshop().perform(task, tools.time().instant()), tools.callDeadline());
    } catch (RuntimeException e) {
      tools.log().bug(e);
      Setback setback = Setback.of(ProblemCode.INTERNAL, e.getClass().getSimpleName());
      return switch (task) {
        case Task.JudgeRecord judge ->
            new Input.MemberJudged(
                judge.record().sha256(), new Input.Judgement.Worthless("unknown", setback));
        case Task.JudgeOwnQuote judge -> new Input.OwnQuoteRefused(judge.ticket(), setback);
        case Task.OpenApproval open -> new Input.ApprovalJudged.Refused(open.approval(), setback);
        case Task.Unlock _ -> new Input.UnlockFailed(setback);
      };
    }
  }

  private Input call(Call call, Duration deadline) throws InterruptedException {
    try {
      return settle(new Outcome.Follow(call), deadline);
    } catch (RuntimeException e) {
      tools.log().bug(e);
      Setback setback = Setback.of(ProblemCode.INTERNAL, e.getClass().getSimpleName());
      return new Input.PeerAnswered(call, new Reply.Failed(setback));
    }
  }

  /// Follows an outcome through the calls it leads to, to its input.
  private Input settle(Outcome first, Duration deadline) throws InterruptedException {
    Outcome outcome = first;
    while (true) {
      switch (outcome) {
        case Outcome.Settled settled -> {
          return settled.input();
        }
        case Outcome.Follow follow -> {
          Call call = follow.call();
          HttpReply reply = tools.client().ask(tools.workshop().prepare(call), deadline);
          outcome = tools.workshop().judge(call, reply, tools.time().instant());
        }
      }
    }
  }

  private Input quote(Effect.MakeQuote quote) throws InterruptedException {
    InvariantError.check(
        quote.reportData().size() == EvidenceSource.REPORT_DATA_SIZE, "report data has 64 bytes");
    try {
      return new Input.QuoteMade(quote.ticket(), tools.evidence().quote(quote.reportData()));
    } catch (IOException e) {
      return new Input.QuoteFailed(quote.ticket(), String.valueOf(e.getMessage()));
    }
  }

  private void withdraw(AccountId account) {
    try {
      tools.registry().withdraw(account);
    } catch (IOException e) {
      tools
          .log()
          .event(
              new Event.Failed(
                  Setback.passing("record-not-withdrawn", String.valueOf(e.getMessage()))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Input publish(Effect.PublishRecord publish) throws InterruptedException {
    try {
      tools.registry().publish(publish.record());
      return new Input.RecordPublished();
    } catch (IOException e) {
      return new Input.RecordNotPublished(String.valueOf(e.getMessage()));
    }
  }
}
