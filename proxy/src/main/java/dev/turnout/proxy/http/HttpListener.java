package dev.turnout.proxy.http;

import dev.turnout.proxy.routing.RouteTable;

/** One bound address as one event loop serves it: the routes that share it. Confined to that loop. */
public final class HttpListener {
    private final HttpLoop loop;
    private RouteTable<HttpRoute> routes;
    private boolean closed;

    public HttpListener(HttpLoop loop, RouteTable<HttpRoute> routes) {
        this.loop = loop;
        this.routes = routes;
    }

    /** From now on requests are matched with these; those under way stay with the route that they have. */
    public void serve(RouteTable<HttpRoute> next) {
        routes = next;
    }

    /** Nothing listens here any more: every connection ends with the request that is under way. */
    public void close() {
        closed = true;
        loop.drain(this);
    }

    HttpLoop loop() {
        return loop;
    }

    RouteTable<HttpRoute> routes() {
        return routes;
    }

    /** Whether no connection is to be kept beyond its request. */
    boolean draining() {
        return closed || loop.draining();
    }
}
