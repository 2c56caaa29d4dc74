package dev.holdfast.protocol;

import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.JsonValue.JsonObject;
import dev.holdfast.codec.JsonWriter;
import dev.holdfast.codec.MalformedException;
import java.util.Optional;
import java.util.Set;

/// The form of a measurement in documents: `mrTd`, `rtmr0`?, `rtmr1`, `rtmr2`, `rtmr3`?, each 48
/// bytes. What is left out may have any value.
public final class Registers {
  private static final Set<String> MEMBERS = Set.of("mrTd", "rtmr0", "rtmr1", "rtmr2", "rtmr3");

  private Registers() {}

  public static JsonWriter json(Measurement measurement) {
    JsonWriter out = JsonWriter.object().put("mrTd", measurement.mrTd());
    measurement.rtmr0().ifPresent(value -> out.put("rtmr0", value));
    out.put("rtmr1", measurement.rtmr1()).put("rtmr2", measurement.rtmr2());
    measurement.rtmr3().ifPresent(value -> out.put("rtmr3", value));
    return out;
  }

  public static Measurement read(JsonObject object) throws MalformedException {
    object.requireOnly(MEMBERS);
    return new Measurement(
        register(object, "mrTd"),
        optional(object, "rtmr0"),
        register(object, "rtmr1"),
        register(object, "rtmr2"),
        optional(object, "rtmr3"));
  }

  private static Bytes register(JsonObject object, String name) throws MalformedException {
    return object.base64Url(name, Measurement.REGISTER_SIZE);
  }

  private static Optional<Bytes> optional(JsonObject object, String name)
      throws MalformedException {
    return object.has(name) ? Optional.of(register(object, name)) : Optional.empty();
  }
}
