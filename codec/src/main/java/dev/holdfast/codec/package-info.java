/// Bytes and the strict ways to take them apart: [dev.holdfast.codec.ByteReader] for binary
/// formats, [dev.holdfast.codec.Json] for signed text. Nothing here knows what a format means.
package dev.holdfast.codec;
