package dev.holdfast.node.work;

import dev.holdfast.attestation.Collateral;
import dev.holdfast.codec.Bytes;
import dev.holdfast.crypto.SecretBytes;
import dev.holdfast.node.model.Call;
import dev.holdfast.node.model.HttpAsk;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Route;
import dev.holdfast.protocol.message.ChallengeRequest;
import dev.holdfast.protocol.message.DepositRequest;
import dev.holdfast.protocol.message.ProofRequest;

/// Turns calls into requests.
final class CallWriter {
  private final Tools tools;

  CallWriter(Tools tools) {
    this.tools = tools;
  }

  HttpAsk prepare(Call call) {
    return switch (call) {
      case Call.AskChallenge ask ->
          ask(
              ask.peer().endpoint(),
              Route.CHALLENGE,
              new ChallengeRequest(ask.self(), ask.peer().account()).toBytes());
      case Call.AskProof ask -> ask(ask.peer().endpoint(), Route.PROVIDER_PROOF, proofRequest(ask));
      case Call.SendDeposit send ->
          ask(send.peer().endpoint(), Route.DEPOSIT, depositRequest(send));
      case Call.AskRelease ask ->
          ask(ask.peer().endpoint(), Route.RECOVER, ask.request().toBytes());
      case Call.SendClaim send -> ask(send.peer().endpoint(), Route.CLAIM, send.claim().toBytes());
      case Call.SendWitness send ->
          ask(send.peer().endpoint(), Route.WITNESS, send.witness().toBytes());
      case Call.SendRetire send ->
          ask(send.peer().endpoint(), Route.RETIRE, send.retire().toBytes());
      case Call.AskPossession ask ->
          ask(
              ask.peer().endpoint(),
              Route.POSSESSION,
              ask.request().sign(tools.crypto(), ask.identity().key()));
      case Call.FetchStatement fetch -> ask(fetch.endpoint(), Route.STATEMENT_FETCH, Bytes.EMPTY);
      case Call.PushStatement push -> ask(push.endpoint(), Route.STATEMENT_PUSH, push.statement());
      case Call.TellStatement tell ->
          ask(tell.peer().endpoint(), Route.STATEMENT_PUSH, tell.statement());
      case Call.FetchCollateral fetch ->
          withDigest(fetch.endpoint(), Route.COLLATERAL_FETCH, fetch.digest(), Bytes.EMPTY);
      case Call.PushCollateral push -> pushRequest(push);
      case Call.Again again -> prepare(again.call());
    };
  }

  private Bytes proofRequest(Call.AskProof ask) {
    return new ProofRequest(
            ask.identity().account(),
            ask.peer().account(),
            ask.identity().instance(),
            ask.challenge(),
            ask.nonce())
        .sign(tools.crypto(), ask.identity().key());
  }

  private Bytes depositRequest(Call.SendDeposit send) {
    AccountId depositor = send.identity().account();
    AccountId provider = send.peer().account();
    Call.Evidence evidence = send.evidence();
    Bytes info = DepositRequest.info(depositor, provider, evidence.challenge());
    try (SecretBytes plaintext = send.parcel().toSecret()) {
      Bytes sealed = tools.crypto().seal(send.to(), info, Bytes.EMPTY, plaintext);
      return new DepositRequest(
              depositor,
              provider,
              evidence.challenge(),
              evidence.entries(),
              sealed,
              evidence.quote(),
              evidence.collateralDigest())
          .toBytes();
    }
  }

  private static HttpAsk pushRequest(Call.PushCollateral push) {
    Collateral next = push.documents().getFirst();
    return withDigest(push.endpoint(), Route.COLLATERAL_PUSH, next.digest(), next.toJson());
  }

  private static HttpAsk ask(Endpoint endpoint, Route route, Bytes body) {
    return new HttpAsk(endpoint, route, route.path(), body);
  }

  private static HttpAsk withDigest(Endpoint endpoint, Route route, Bytes digest, Bytes body) {
    return new HttpAsk(endpoint, route, route.path() + "/" + digest.toHex(), body);
  }
}
