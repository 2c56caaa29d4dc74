/// What must hold in every simulated fleet, judged from what goes in and out, never by asking the
/// node whether it did right.
@NullMarked
package dev.holdfast.sim.check;

import org.jspecify.annotations.NullMarked;
