// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.http;

import dev.realmesh.image.registry.Registry;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// `GET /v2/<name>/tags/list`, by pages of at most a thousand.
final class TagsHandler {
    private static final int MAX_PAGE = 1000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Registry registry;

    TagsHandler(Registry registry) {
        this.registry = registry;
    }

    void list(Route.TagsOf route, Exchange exchange) throws IOException {
        int page = exchange.query("n").map(TagsHandler::page).orElse(MAX_PAGE);
        List<String> tags =
                registry.tags(route.repository(), exchange.query("last").orElse(""), page);
        if (!tags.isEmpty() && tags.size() == page) {
            String last = URLEncoder.encode(tags.getLast(), StandardCharsets.UTF_8);
            exchange.set(
                    "Link",
                    "</v2/" + route.repository() + "/tags/list?n=" + page + "&last=" + last + ">; rel=\"next\"");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", route.repository());
        answer.put("tags", tags);
        exchange.set("Content-Type", "application/json").answer(200, JSON.writeValueAsBytes(answer));
    }

    private static int page(String text) {
        return text.matches("[0-9]{1,9}") ? Math.min(Integer.parseInt(text), MAX_PAGE) : MAX_PAGE;
    }
}
