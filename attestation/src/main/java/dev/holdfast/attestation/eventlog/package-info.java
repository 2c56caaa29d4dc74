/// Boot event logs: what was measured into the RTMRs, replayed and compared with a TD report. A log
/// is a claim; this says whether it fits a report, and nothing about the report.
///
/// Spec: docs/spec/eventlog.md
package dev.holdfast.attestation.eventlog;
