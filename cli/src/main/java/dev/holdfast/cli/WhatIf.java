package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonValue;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a node says a release statement would do to the members that it knows.
record WhatIf(List<Member> members) {
  /// - `verdict`: `run`, `origin` (may not run, what it drew stays good) or `refused`.
  record Member(String account, String name, String role, String imageVersion, String verdict) {
    boolean isRefused() {
      return !verdict.equals("run");
    }

    String line() {
      String meaning =
          switch (verdict) {
            case "run" -> "may run";
            case "origin" -> "may not run any more; what it drew stays good";
            default -> "refused: gets no share back after a restart";
          };
      return "%s (%s %s): %s".formatted(name, role, imageVersion, meaning);
    }
  }

  static WhatIf ask(Terminal terminal, NodeAddress address, StatementFile statement)
      throws IOException, CommandException {
    Bytes answer =
        address.ask(terminal, "POST", "/v1/statement/what-if", statement.signed().toBytes());
    try {
      List<Member> members = new ArrayList<>();
      JsonObject object = Json.parse(answer).asObject();
      for (JsonValue item : object.member("members").asArray(Limits.MEMBERS).items()) {
        JsonObject member = item.asObject();
        members.add(
            new Member(
                member.string("account"),
                member.string("name"),
                member.string("role"),
                member.string("imageVersion"),
                member.string("verdict")));
      }
      return new WhatIf(members);
    } catch (MalformedException e) {
      throw CommandException.operational("the node's answer: " + e.getMessage());
    }
  }

  List<Member> refused() {
    return members.stream().filter(Member::isRefused).toList();
  }
}
