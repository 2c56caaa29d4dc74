package dev.holdfast.node.model;

import dev.holdfast.attestation.quote.TdReport;
import dev.holdfast.codec.Bytes;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.MemberLabels;

/// A verified member, the image that its record's evidence shows, and its kind of platform (6
/// bytes). Labels, role and version are its own words.
public record MemberImage(
    AccountId account,
    MemberLabels labels,
    String role,
    String imageVersion,
    TdReport report,
    Bytes fmspc) {}
