package dev.watersmeet.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The headers that keep pages to what this server serves. The demo shows itself in frames, so its own pages may. */
final class SecurityHeaders extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final String POLICY = "default-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
            + "frame-ancestors 'self'; object-src 'none'; base-uri 'none'; form-action 'self'";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        chain.doFilter(request, response);
    }
}
