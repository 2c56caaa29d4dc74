/// Fuzz targets: one class for each format that strangers hand over, each with
/// `fuzzerTestOneInput`, which Jazzer finds by its name. A verdict or the parser's checked
/// exception is fine; anything else that comes out is a find.
///
/// See docs/fuzzing.md.
@org.jspecify.annotations.NullMarked
package dev.holdfast.fuzz;
