/// How likely a fleet is to lose a key: years of failures drawn at random, by threshold and by the
/// rule that chooses the providers. Nodes are only numbers here; what decides which provider fits
/// is the nodes' own measure.
@NullMarked
package dev.holdfast.sim.campaign.durability;

import org.jspecify.annotations.NullMarked;
