/// The holdfast command.
@org.jspecify.annotations.NullMarked
module dev.holdfast.cli {
  requires static org.jspecify;
  requires transitive dev.holdfast.codec;

  exports dev.holdfast.cli;
}
