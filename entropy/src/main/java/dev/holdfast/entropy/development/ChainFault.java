package dev.holdfast.entropy.development;

/// What a development chain's endpoint does to its clients.
public enum ChainFault {
  NONE,
  /// Takes requests and never answers.
  SILENT,
  /// Ends the connection at each request.
  DROPPING,
  /// Answers with bytes that are no JSON.
  MALFORMED,
  /// Answers with more than any client takes.
  OVERSIZED,
  /// Says that block 0 has another hash.
  OTHER_GENESIS,
  /// Serves metadata of version 13.
  OTHER_METADATA_VERSION,
  /// Serves metadata whose storage has other types.
  OTHER_TYPES,
  /// Changes the first byte of every value.
  LYING,
  /// Answers every request with an error.
  REFUSING
}
