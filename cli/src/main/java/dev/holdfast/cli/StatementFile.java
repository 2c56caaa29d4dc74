package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandException;
import dev.holdfast.cli.console.Inputs;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Json;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.crypto.Labels;
import dev.holdfast.protocol.statement.ReleaseStatement;
import dev.holdfast.protocol.statement.RollbackAcceptance;
import dev.holdfast.protocol.statement.SignedStatement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A statement in a file, whatever it says: under which label it is signed, and its words.
record StatementFile(SignedStatement signed, Says says) {
  /// What the kinds of statements have in common.
  sealed interface Says {
    String label();

    /// For people, a line each.
    List<String> lines();

    JsonWriter json();
  }

  record Release(ReleaseStatement statement) implements Says {
    @Override
    public String label() {
      return Labels.RELEASE_STATEMENT_SIGNATURE;
    }

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add(
          "release statement %d, from %s until %s"
              .formatted(statement.serial(), statement.from(), statement.until()));
      for (ReleaseStatement.Image image : statement.images()) {
        lines.add(
            "  %s %s may %s: MRTD %s"
                .formatted(
                    image.role(),
                    image.imageVersion(),
                    image.use() == ReleaseStatement.Use.RUN ? "run" : "have drawn keys",
                    image.measurement().mrTd().toHex()));
      }
      return lines;
    }

    @Override
    public JsonWriter json() {
      return JsonWriter.object()
          .put("statement", "release-statement")
          .put("serial", statement.serial())
          .put("from", statement.from().toString())
          .put("until", statement.until().toString())
          .putStrings(
              "images",
              statement.images().stream()
                  .map(image -> image.role() + " " + image.imageVersion())
                  .toList());
    }
  }

  record Acceptance(RollbackAcceptance statement) implements Says {
    @Override
    public String label() {
      return Labels.ACCEPTANCE_SIGNATURE;
    }

    @Override
    public List<String> lines() {
      return List.of(
          "rollback acceptance for account " + statement.account(),
          "  its store was found at version %d of run %d"
              .formatted(statement.local().storeVersion(), statement.instance()),
          "  its providers remember version %d: what was written between is given up"
              .formatted(statement.rememberedVersion()));
    }

    @Override
    public JsonWriter json() {
      return JsonWriter.object()
          .put("statement", "rollback-acceptance")
          .put("account", statement.account().toString())
          .put("foundVersion", statement.local().storeVersion())
          .put("rememberedVersion", statement.rememberedVersion());
    }
  }

  static StatementFile read(Terminal terminal, Path file) throws IOException, CommandException {
    try {
      SignedStatement signed = SignedStatement.parse(Inputs.read(terminal, file));
      return new StatementFile(signed, says(signed.body()));
    } catch (MalformedException e) {
      throw CommandException.refused(file + ": " + e.getMessage());
    }
  }

  private static Says says(Bytes body) throws MalformedException {
    return Json.parse(body).asObject().string("type").equals("release-statement")
        ? new Release(ReleaseStatement.parse(body))
        : new Acceptance(RollbackAcceptance.parse(body));
  }
}
