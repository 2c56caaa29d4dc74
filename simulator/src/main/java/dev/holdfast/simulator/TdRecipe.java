package dev.holdfast.simulator;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Digests;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.simulator.quote.TdField;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// A TD report body: the confidential VM that asks for a quote. Immutable.
public final class TdRecipe {
  /// Module SVN 6 of family 1, microcode 3: up to date under the standard TCB info.
  private static final Bytes CURRENT_TCB = svn(6, 1, 3);

  private static final long SEPT_VE_DISABLE = 1L << 28;
  private static final long DEBUG = 1;
  private static final long MIGRATABLE = 1L << 29;
  private static final long XFAM = 0x602e7;

  private final Map<TdField, Bytes> fields;

  private TdRecipe(Map<TdField, Bytes> fields) {
    this.fields = fields;
  }

  /// A production TD whose MRTD and RTMR0..2 are derived from a label; RTMR3 is zero.
  public static TdRecipe ofImage(String image) {
    Map<TdField, Bytes> fields = new EnumMap<>(TdField.class);
    for (TdField field : TdField.values()) {
      fields.put(field, Bytes.zero(field.size()));
    }
    return new TdRecipe(fields)
        .with(TdField.TEE_TCB_SVN, CURRENT_TCB)
        .with(TdField.TEE_TCB_SVN2, CURRENT_TCB)
        .with(TdField.MRSEAM, measurement("module", "TDX_01"))
        .withAttributes(SEPT_VE_DISABLE)
        .withXfam(XFAM)
        .with(TdField.MRTD, measurement("mrtd", image))
        .with(TdField.RTMR0, measurement("rtmr0", image))
        .with(TdField.RTMR1, measurement("rtmr1", image))
        .with(TdField.RTMR2, measurement("rtmr2", image));
  }

  /// The first three components of a TEE_TCB_SVN; the other 13 are zero.
  ///
  /// @param module SVN of the module, and `family` which of its families that is
  public static Bytes svn(int module, int family, int microcode) {
    return new ByteWriter().u8(module).u8(family).u8(microcode).bytes(Bytes.zero(13)).toBytes();
  }

  /// The same with one field replaced.
  public TdRecipe with(TdField field, Bytes value) {
    InvariantError.check(value.size() == field.size(), field + " has " + field.size() + " bytes");
    Map<TdField, Bytes> changed = new EnumMap<>(fields);
    changed.put(field, value);
    return new TdRecipe(changed);
  }

  /// The same with all 64 bits of TDATTRIBUTES replaced.
  public TdRecipe withAttributes(long bits) {
    return with(TdField.TDATTRIBUTES, new ByteWriter().u64le(bits).toBytes());
  }

  public TdRecipe withDebug() {
    return withAttributes(SEPT_VE_DISABLE | DEBUG);
  }

  public TdRecipe withMigratable() {
    return withAttributes(SEPT_VE_DISABLE | MIGRATABLE);
  }

  /// The same with all 64 bits of XFAM replaced.
  public TdRecipe withXfam(long bits) {
    return with(TdField.XFAM, new ByteWriter().u64le(bits).toBytes());
  }

  public Bytes field(TdField field) {
    return Objects.requireNonNull(fields.get(field));
  }

  /// The first `size` bytes: 584, 648 or 885.
  public Bytes toBytes(int size) {
    ByteWriter out = new ByteWriter();
    for (TdField field : TdField.values()) {
      out.bytes(field(field));
    }
    return out.toBytes().slice(0, size);
  }

  private static Bytes measurement(String register, String image) {
    byte[] input = Frame.of("simulator measurement").add(register).add(image).toBytes().toArray();
    return Bytes.copyOf(Digests.sha384().digest(input));
  }
}
