package dev.holdfast.daemon.runtime;

import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.platform.EvidenceSource;
import dev.holdfast.simulator.DevelopmentVendor;
import dev.holdfast.simulator.PlatformRecipe;
import dev.holdfast.simulator.SimulatedPlatform;
import dev.holdfast.simulator.TdRecipe;
import dev.holdfast.simulator.quote.TdField;
import java.util.Optional;

/// Quotes of the development vendor: everything about them is right but the root, which nothing
/// real trusts.
public final class SimulatedEvidence implements EvidenceSource {
  private final SimulatedPlatform platform;
  private final TdRecipe image;

  /// @param platform name of the simulated machine
  /// @param image name of the simulated image
  public SimulatedEvidence(DevelopmentVendor vendor, String platform, String image) {
    this.platform = vendor.platform(PlatformRecipe.of(platform));
    this.image = TdRecipe.ofImage(image);
  }

  @Override
  public Bytes quote(Bytes reportData) {
    return platform.quote(image, reportData);
  }

  @Override
  public Measurement measurement() {
    return new Measurement(
        image.field(TdField.MRTD),
        Optional.of(image.field(TdField.RTMR0)),
        image.field(TdField.RTMR1),
        image.field(TdField.RTMR2),
        Optional.of(image.field(TdField.RTMR3)));
  }
}
