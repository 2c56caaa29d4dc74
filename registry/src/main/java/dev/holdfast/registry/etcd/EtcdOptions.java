package dev.holdfast.registry.etcd;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.protocol.Endpoint;
import dev.holdfast.protocol.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/// How to reach an etcd and what to hold there.
///
/// @param endpoints servers of one cluster, tried in this order
/// @param prefix before every key, `/holdfast/`: fleets with different ones do not see each other
/// @param tls whom to trust as a server; absent: plain HTTP
/// @param login for an etcd with authentication; only with `tls`, or the password is everybody's
/// @param maxMembers accounts listed at most
public record EtcdOptions(
    List<Endpoint> endpoints,
    String prefix,
    Optional<SSLContext> tls,
    Optional<Login> login,
    Timing timing,
    int maxMembers) {
  public static final int MAX_ENDPOINTS = 16;
  public static final String DEFAULT_PREFIX = "/holdfast/";

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9/._-]{0,63}/");

  public EtcdOptions {
    endpoints = List.copyOf(endpoints);
    InvariantError.check(
        !endpoints.isEmpty() && endpoints.size() <= MAX_ENDPOINTS, "1..16 endpoints");
    InvariantError.check(isPrefix(prefix), "a prefix of the right form");
    InvariantError.check(login.isEmpty() || tls.isPresent(), "no password without TLS");
  }

  /// With the default timing and [Limits#MEMBERS] accounts.
  public static EtcdOptions of(
      List<Endpoint> endpoints, String prefix, Optional<SSLContext> tls, Optional<Login> login) {
    return new EtcdOptions(endpoints, prefix, tls, login, Timing.DEFAULT, Limits.MEMBERS);
  }

  /// True for at most 64 of `A-Z a-z 0-9 / . _ -`, the last one a `/`.
  public static boolean isPrefix(String text) {
    return PREFIX.matcher(text).matches();
  }

  /// A user of etcd. The password protects the list of members and nothing else.
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  /// @param call for connecting to one server and its whole reply
  /// @param lease for how long a record stays after its publisher was last heard, at least 2 s
  /// @param watch after how long a watch is opened anew, in case it died unnoticed
  /// @param retry between attempts when no server answers
  public record Timing(Duration call, Duration lease, Duration watch, Duration retry) {
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1));

    public Timing {
      InvariantError.check(lease.toSeconds() >= 2, "a lease of 2 s or more");
    }
  }
}
