// libcurl's multi interface: one handle for each call in flight, used again and again.
#include "arguments.hpp"

#include <curl/curl.h>

#include <string>
#include <vector>

namespace {

std::size_t append(char* data, std::size_t size, std::size_t count, void* body) {
    static_cast<std::string*>(body)->append(data, size * count);
    return size * count;
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM* const multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, a.in_flight);
    curl_slist* fields = curl_slist_append(nullptr, "Accept: application/json");
    fields = curl_slist_append(fields, "api-key: key");
    const std::string url = "https://" + a.host + ":" + a.port + a.path;
    std::vector<std::string> bodies(static_cast<std::size_t>(a.in_flight));
    std::vector<CURL*> handles;
    for (auto& body : bodies) {
        CURL* const h = handles.emplace_back(curl_easy_init());
        curl_easy_setopt(h, CURLOPT_URL, url.c_str());
        curl_easy_setopt(h, CURLOPT_CAINFO, a.ca_file.c_str());
        curl_easy_setopt(h, CURLOPT_HTTPHEADER, fields);
        curl_easy_setopt(h, CURLOPT_USERAGENT, "curl");
        curl_easy_setopt(h, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, &append);
        curl_easy_setopt(h, CURLOPT_WRITEDATA, &body);
        curl_easy_setopt(h, CURLOPT_PRIVATE, &body);
        if (a.take()) curl_multi_add_handle(multi, h);
    }
    for (int running = 1; running > 0;) {
        curl_multi_perform(multi, &running);
        int left = 0;
        while (const CURLMsg* const message = curl_multi_info_read(multi, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            CURL* const h = message->easy_handle;
            long status = 0;
            curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
            if (message->data.result == CURLE_OK && status == 200) ++a.done;
            std::string* body = nullptr;
            curl_easy_getinfo(h, CURLINFO_PRIVATE, &body);
            body->clear();
            curl_multi_remove_handle(multi, h);
            if (!a.take()) continue;
            curl_multi_add_handle(multi, h);
            running = 1;
        }
        if (running > 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
    }
    bench::report(a);
}
