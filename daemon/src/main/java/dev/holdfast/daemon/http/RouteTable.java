package dev.holdfast.daemon.http;

import dev.holdfast.codec.InvariantError;
import dev.holdfast.protocol.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// All routes of one server, and the way from a request to its answer. Knows no server: tested
/// without a socket.
///
/// Thread-safe. An unknown path, another method, a body past its limit, too many requests and a bug
/// in a handler each have their own answer; what a handler throws never reaches the caller.
public final class RouteTable implements Responder {
  private final List<Route> routes;
  private final HttpLimits limits;
  private final Semaphore concurrent;
  private final Consumer<Throwable> onBug;

  /// @param onBug told of what a handler threw without meaning to
  public RouteTable(List<Route> routes, HttpLimits limits, Consumer<Throwable> onBug) {
    this.routes = List.copyOf(routes);
    this.limits = limits;
    this.concurrent = new Semaphore(limits.concurrentRequests());
    this.onBug = onBug;
  }

  @Override
  public HttpLimits limits() {
    return limits;
  }

  /// No route of the table takes a query.
  @Override
  public Reply answer(Call call) throws IOException, InterruptedException {
    return answer(call.method(), call.path(), call.declaredBytes(), call.body());
  }

  /// @param declaredBytes the announced size of the body, negative when there is none
  /// @throws IOException when the body cannot be read to its end
  Reply answer(String method, String path, long declaredBytes, InputStream body)
      throws IOException, InterruptedException {
    List<Route> here = routes.stream().filter(route -> route.matches(path)).toList();
    if (here.isEmpty()) {
      return Reply.problem(ProblemCode.UNKNOWN_ROUTE).closingConnection();
    }
    for (Route route : here) {
      if (route.method().equals(method)) {
        return answer(route, path, declaredBytes, body);
      }
    }
    return Reply.problem(ProblemCode.METHOD_NOT_ALLOWED).closingConnection();
  }

  private Reply answer(Route route, String path, long declaredBytes, InputStream body)
      throws IOException, InterruptedException {
    if (declaredBytes > route.maxBodyBytes()) {
      return tooLarge();
    }
    byte[] read = BoundedBody.read(body, route.maxBodyBytes());
    if (read.length > route.maxBodyBytes()) {
      return tooLarge();
    }
    Request request = new Request(route.parameter(path), read);
    if (route.alwaysServed()) {
      return handle(route, request);
    }
    if (!concurrent.tryAcquire()) {
      return Reply.problem(ProblemCode.BUSY);
    }
    try {
      return handle(route, request);
    } finally {
      concurrent.release();
    }
  }

  private Reply handle(Route route, Request request) throws InterruptedException {
    try {
      return route.handler().handle(request);
    } catch (RequestException e) {
      return e.reply();
    } catch (RuntimeException | InvariantError e) {
      onBug.accept(e);
      return Reply.problem(ProblemCode.INTERNAL);
    }
  }

  private static Reply tooLarge() {
    return Reply.problem(ProblemCode.BODY_TOO_LARGE).closingConnection();
  }
}
