/// DCAP quote verification: a pure function of (quote, collateral, policy, instant).
package dev.holdfast.attestation;
