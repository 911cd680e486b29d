package dev.watersmeet.server;

import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what Jetty itself refuses in the form of every other problem (P-14), and without telling what the server is made of. */
final class ProblemPage extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Problem problem = problem(response.getStatus());
        response.setStatus(problem.code().status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, MergeFormat.PROBLEM_MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, ByteBuffer.wrap(MergeFormat.writeProblem(problem)), callback);
        return true;
    }

    private static Problem problem(int status) {
        if (status == HttpStatus.URI_TOO_LONG_414 || status == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431) {
            return Problem.of(ProblemCode.TOO_LARGE, "the request line and the headers are above a limit");
        }
        for (ProblemCode code : ProblemCode.values()) {
            if (code.status() == status) {
                return Problem.of(code, "status " + status);
            }
        }
        return Problem.of(status < 500 ? ProblemCode.MALFORMED : ProblemCode.INTERNAL, "status " + status);
    }
}
