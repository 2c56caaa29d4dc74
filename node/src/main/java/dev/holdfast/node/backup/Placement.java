package dev.holdfast.node.backup;

import dev.holdfast.attestation.Claims;
import dev.holdfast.attestation.policy.Measurement;
import dev.holdfast.codec.Bytes;
import dev.holdfast.codec.Frame;
import dev.holdfast.crypto.Labels;
import dev.holdfast.node.context.Roster;
import dev.holdfast.node.context.Surroundings;
import dev.holdfast.protocol.AccountId;
import dev.holdfast.protocol.MemberLabels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Chooses providers: never the node itself, never two on one machine, only images that may hold
/// our shares; spread over kinds of machine, zones and operators; among equals by a salted
/// rendezvous hash, so that load is even and changes are small. A pure function.
///
/// Spec: docs/spec/protocol.md#placement
public final class Placement {
  private final AccountId self;
  private final Bytes salt;
  private final List<Measurement> accepted;

  /// `salt` makes the order of members differ between depositors.
  public Placement(AccountId self, Bytes salt, List<Measurement> accepted) {
    this.self = self;
    this.salt = salt;
    this.accepted = accepted;
  }

  /// The ids of one machine: PPID, and the platform instance id where there is one.
  public static List<Bytes> machine(Claims claims) {
    List<Bytes> ids = new ArrayList<>(List.of(claims.platform().ppid()));
    claims.platform().instanceId().ifPresent(ids::add);
    return ids;
  }

  /// The best member to add to `chosen`, none of `avoided` and none on a machine of `machines`
  /// (which holds those of the node itself and of providers already chosen).
  public Optional<Roster.Member> next(
      List<Roster.Member> members,
      List<Roster.Member> chosen,
      Set<AccountId> avoided,
      Set<Bytes> machines) {
    Set<Bytes> taken = new TreeSet<>(machines);
    chosen.forEach(member -> taken.addAll(machine(member.claims())));
    List<Surroundings> others = chosen.stream().map(Placement::surroundings).toList();
    return members.stream()
        .filter(member -> !member.account().equals(self) && !avoided.contains(member.account()))
        .filter(member -> chosen.stream().noneMatch(c -> c.account().equals(member.account())))
        .filter(member -> machine(member.claims()).stream().noneMatch(taken::contains))
        .filter(member -> isAccepted(member.claims()))
        .min(
            Comparator.<Roster.Member>comparingInt(member -> surroundings(member).likeness(others))
                .thenComparing(this::score));
  }

  private boolean isAccepted(Claims claims) {
    return claims.td().filter(td -> accepted.stream().anyMatch(m -> m.matches(td))).isPresent();
  }

  private static Surroundings surroundings(Roster.Member member) {
    MemberLabels labels = member.record().labels();
    return new Surroundings(labels.operator(), labels.zone(), member.claims().platform().fmspc());
  }

  private Bytes score(Roster.Member member) {
    return Frame.of(Labels.PLACEMENT, salt, self.bytes(), member.account().bytes()).sha256();
  }
}
