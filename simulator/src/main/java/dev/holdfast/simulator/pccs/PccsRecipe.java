package dev.holdfast.simulator.pccs;

import dev.holdfast.codec.Bytes;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.pki.Authority;
import dev.holdfast.simulator.pki.CrlRecipe;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// What the service knows.
///
/// @param platforms whose PCK certificates it has; their FMSPCs are known too
/// @param fmspcs further FMSPCs, 6 bytes each, that it has TCB info for
/// @param recovery a TCB recovery
/// @param hexPckCrl whether PCK revocation lists come in hexadecimal unless DER is asked for, as
///   Intel's caching service has it; PEM otherwise, as Intel's own service has it
/// @param crl changes a revocation list before it is signed: revoked serials, for example
public record PccsRecipe(
    List<PlatformRecipe> platforms,
    Set<Bytes> fmspcs,
    Optional<Recovery> recovery,
    boolean hexPckCrl,
    BiFunction<Authority, CrlRecipe, CrlRecipe> crl) {

  public PccsRecipe {
    platforms = List.copyOf(platforms);
    fmspcs = Set.copyOf(fmspcs);
  }

  /// Knows the default FMSPC and no platform; no TCB recovery is ahead.
  public static PccsRecipe defaults() {
    return new PccsRecipe(
        List.of(),
        Set.of(PlatformRecipe.DEFAULT_FMSPC),
        Optional.empty(),
        false,
        (issuer, list) -> list);
  }

  public PccsRecipe withPlatforms(List<PlatformRecipe> value) {
    return new PccsRecipe(value, fmspcs, recovery, hexPckCrl, crl);
  }

  public PccsRecipe withFmspcs(Set<Bytes> value) {
    return new PccsRecipe(platforms, value, recovery, hexPckCrl, crl);
  }

  public PccsRecipe withRecovery(Recovery value) {
    return new PccsRecipe(platforms, fmspcs, Optional.of(value), hexPckCrl, crl);
  }

  public PccsRecipe withHexPckCrl() {
    return new PccsRecipe(platforms, fmspcs, recovery, true, crl);
  }

  public PccsRecipe withCrl(BiFunction<Authority, CrlRecipe, CrlRecipe> value) {
    return new PccsRecipe(platforms, fmspcs, recovery, hexPckCrl, value);
  }

  /// Every FMSPC that it has TCB info for.
  Set<Bytes> allFmspcs() {
    Set<Bytes> all = new LinkedHashSet<>(fmspcs);
    platforms.forEach(platform -> all.add(platform.extension().fmspc()));
    return all;
  }
}
