package dev.holdfast.simulator;

import dev.holdfast.codec.ByteWriter;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.codec.InvariantError;
import dev.holdfast.simulator.quote.EnclaveField;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// An SGX report body: an enclave of the user's, or the quoting enclave itself. Immutable.
public final class EnclaveRecipe {
  /// INIT and MODE64BIT, then an XFRM with AVX: what production enclaves have.
  private static final Bytes PRODUCTION_ATTRIBUTES =
      new ByteWriter().u64le(0x05).u64le(0xe7).toBytes();

  private static final long DEBUG = 0x02;

  private final Map<EnclaveField, Bytes> fields;

  private EnclaveRecipe(Map<EnclaveField, Bytes> fields) {
    this.fields = fields;
  }

  /// A production enclave whose MRENCLAVE and MRSIGNER are derived from a label.
  public static EnclaveRecipe ofImage(String image) {
    Map<EnclaveField, Bytes> fields = new EnumMap<>(EnclaveField.class);
    for (EnclaveField field : EnclaveField.values()) {
      fields.put(field, Bytes.zero(field.size()));
    }
    return new EnclaveRecipe(fields)
        .with(EnclaveField.ATTRIBUTES, PRODUCTION_ATTRIBUTES)
        .with(EnclaveField.MRENCLAVE, Frame.of("simulator mrenclave").add(image).toBytes().sha256())
        .with(EnclaveField.MRSIGNER, Frame.of("simulator mrsigner").add(image).toBytes().sha256())
        .withIsv(1, 1);
  }

  /// The same with one field replaced.
  public EnclaveRecipe with(EnclaveField field, Bytes value) {
    InvariantError.check(value.size() == field.size(), field + " has " + field.size() + " bytes");
    Map<EnclaveField, Bytes> changed = new EnumMap<>(fields);
    changed.put(field, value);
    return new EnclaveRecipe(changed);
  }

  public EnclaveRecipe withIsv(int prodId, int svn) {
    return with(EnclaveField.ISV_PROD_ID, new ByteWriter().u16le(prodId).toBytes())
        .with(EnclaveField.ISV_SVN, new ByteWriter().u16le(svn).toBytes());
  }

  /// The same with the DEBUG attribute set.
  public EnclaveRecipe withDebug() {
    byte[] attributes = field(EnclaveField.ATTRIBUTES).toArray();
    attributes[0] |= (byte) DEBUG;
    return with(EnclaveField.ATTRIBUTES, Bytes.copyOf(attributes));
  }

  public Bytes field(EnclaveField field) {
    return Objects.requireNonNull(fields.get(field));
  }

  /// The 384 bytes.
  public Bytes toBytes() {
    ByteWriter out = new ByteWriter();
    for (EnclaveField field : EnclaveField.values()) {
      out.bytes(field(field));
    }
    return out.toBytes();
  }
}
