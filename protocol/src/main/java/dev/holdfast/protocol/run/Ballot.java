package dev.holdfast.protocol.run;

import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import dev.holdfast.protocol.Document;

/// One run of an account: the count of its runs, and 16 random bytes that tell two runs of the same
/// count apart. The greater one wins: by instance, then by the bytes of `run`.
public record Ballot(long instance, Bytes run) implements Comparable<Ballot> {
  public static final int RUN_SIZE = 16;

  public Ballot {
    InvariantError.check(run.size() == RUN_SIZE, "a run id has 16 bytes");
  }

  /// Adds the members `instance` and `run` to `out`.
  JsonWriter write(JsonWriter out) {
    return out.put("instance", instance).put("run", run);
  }

  static Ballot read(JsonObject object) throws MalformedException {
    return new Ballot(Document.counter(object, "instance"), object.base64Url("run", RUN_SIZE));
  }

  @Override
  public int compareTo(Ballot other) {
    int byInstance = Long.compare(instance, other.instance);
    return byInstance == 0 ? run.compareTo(other.run) : byInstance;
  }

  /// For people.
  @Override
  public String toString() {
    return instance + "/" + run.slice(0, 4).toHex();
  }
}
