/// Runs many seeds, plants bugs, and tells what came of it. The only part that reads a clock.
@NullMarked
package dev.holdfast.sim.campaign;

import org.jspecify.annotations.NullMarked;
