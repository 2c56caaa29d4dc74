package dev.holdfast.daemon.http;

/// One line of a route table.
///
/// @param path `/a/b`, or `/a/{name}` with one parameter as its last segment
/// @param maxBodyBytes longest body, 0 for none
/// @param alwaysServed whether it is served beyond [HttpLimits#concurrentRequests] too: cheap
///   health answers only
public record Route(
    String method, String path, int maxBodyBytes, boolean alwaysServed, Handler handler) {

  /// What a route does. Runs on the request's own virtual thread and may block.
  public interface Handler {
    Reply handle(Request request) throws InterruptedException, RequestException;
  }

  public static Route get(String path, Handler handler) {
    return new Route("GET", path, 0, false, handler);
  }

  public static Route health(String path, Handler handler) {
    return new Route("GET", path, 0, true, handler);
  }

  public static Route post(String path, int maxBodyBytes, Handler handler) {
    return new Route("POST", path, maxBodyBytes, false, handler);
  }

  public static Route put(String path, int maxBodyBytes, Handler handler) {
    return new Route("PUT", path, maxBodyBytes, false, handler);
  }

  public static Route delete(String path, Handler handler) {
    return new Route("DELETE", path, 0, false, handler);
  }

  /// Whether `actual` is this path, whatever its parameter.
  boolean matches(String actual) {
    int parameter = path.indexOf('{');
    if (parameter < 0) {
      return path.equals(actual);
    }
    return actual.startsWith(path.substring(0, parameter))
        && actual.length() > parameter
        && actual.indexOf('/', parameter) < 0;
  }

  /// The parameter in `actual`, as it stands there; empty without one.
  String parameter(String actual) {
    int parameter = path.indexOf('{');
    return parameter < 0 ? "" : actual.substring(parameter);
  }
}
