package dev.holdfast.daemon;

import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.daemon.http.Reply;
import dev.holdfast.daemon.http.Request;
import dev.holdfast.daemon.http.RequestException;
import dev.holdfast.daemon.local.LocalCode;
import dev.holdfast.daemon.runtime.EventLoop;
import dev.holdfast.node.model.CustodyStatus;
import dev.holdfast.node.model.Input;
import dev.holdfast.node.model.NodeSnapshot;
import dev.holdfast.node.model.Setback;
import dev.holdfast.protocol.custody.CustodyApproval;
import dev.holdfast.protocol.custody.CustodyRequest;
import java.time.Duration;
import java.util.Optional;

/// How the owner of a locked node gets a request to its custodians and brings their approvals.
///
/// Spec: docs/spec/local.md
final class CustodyApi {
  private static final Duration REQUEST_DEADLINE = Duration.ofSeconds(20);
  private static final Duration APPROVAL_DEADLINE = Duration.ofSeconds(10);

  private final EventLoop loop;

  CustodyApi(EventLoop loop) {
    this.loop = loop;
  }

  /// A request with a fresh quote.
  Reply request() throws RequestException, InterruptedException {
    long before = custody().requested();
    loop.post(new Input.CustodyRequested());
    boolean answered =
        loop.await(
            now -> now.custody().filter(it -> it.requested() == before).isEmpty(),
            REQUEST_DEADLINE);
    CustodyStatus now = custody();
    Optional<CustodyRequest> made = now.request();
    if (!answered || made.isEmpty()) {
      throw new RequestException(
          LocalCode.LOCKED.reply(
              now.setback()
                  .map(Setback::toString)
                  .orElse("no quote could be made in time; see the status, and ask again")));
    }
    return Reply.json(made.get().toBytes());
  }

  /// Takes one custodian's approval; the same again changes nothing.
  Reply approve(Request request) throws RequestException, InterruptedException {
    CustodyStatus before = custody();
    CustodyApproval approval;
    try {
      approval = CustodyApproval.parse(request.body());
    } catch (MalformedException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
    loop.post(new Input.CustodyApproved(approval));
    boolean judged =
        loop.await(
            now -> now.custody().filter(it -> it.judged() == before.judged()).isEmpty(),
            APPROVAL_DEADLINE);
    if (!judged) {
      throw refused("it was not judged in time: bring it again");
    }
    Optional<CustodyStatus> after = loop.snapshot().flatMap(NodeSnapshot::custody);
    Optional<Setback> refusal = after.flatMap(CustodyStatus::refusal);
    if (refusal.isPresent()) {
      throw refused(refusal.get().detail());
    }
    return Reply.json(
        JsonWriter.object()
            .put("accepted", after.map(CustodyStatus::accepted).orElse(before.threshold()))
            .put("threshold", before.threshold()));
  }

  private CustodyStatus custody() throws RequestException {
    NodeSnapshot snapshot = LocalApi.snapshot(loop);
    if (snapshot.custody().isPresent()) {
      return snapshot.custody().get();
    }
    throw new RequestException(
        snapshot.storeOpen() || snapshot.providers().isEmpty()
            ? LocalCode.NOTHING_TO_OPEN.reply("there is no locked store: " + snapshot.sentence())
            : LocalCode.NO_CUSTODIANS.reply(
                "its root key was not shared with custodians: `custodians.keys` names none"));
  }

  private static RequestException refused(String detail) {
    return new RequestException(LocalCode.APPROVAL_REFUSED.reply(detail));
  }
}
