package dev.holdfast.node.model;

import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.protocol.AccountId;

/// A verified member and the image that its record's evidence shows; name, role and version are its
/// own words.
public record MemberImage(
    AccountId account, String name, String role, String imageVersion, TdReport report) {}
