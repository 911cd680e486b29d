package dev.watersmeet.server;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Lets in who asks by an address, by {@code localhost} or by the name that the server listens at. Any other name may be that of a site which has it lead here, so that its pages are of the same origin as this server's, and read
 * the tokens that the demo hands out.
 */
final class OwnNames extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?");

    private final String listensAt;

    OwnNames(String listensAt) {
        this.listensAt = listensAt;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String name = request.getServerName();
        if (ADDRESS.matcher(name).matches() || name.equalsIgnoreCase("localhost") || name.equalsIgnoreCase(listensAt)) {
            chain.doFilter(request, response);
            return;
        }
        Problem problem = Problem.of(
                ProblemCode.FORBIDDEN,
                "the demo is served at an address, at localhost and at the name that --host gives, not at the one in Host");
        response.setStatus(problem.code().status());
        response.setContentType(MergeFormat.PROBLEM_MEDIA_TYPE);
        response.getOutputStream().write(MergeFormat.writeProblem(problem));
    }
}
