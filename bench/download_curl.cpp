// libcurl's easy interface with its largest buffer, written to TARGET as it comes.
#include "arguments.hpp"
#include "file.hpp"

#include <curl/curl.h>

namespace {

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    static_cast<bench::file*>(to)->write(data, size * count);
    return size * count;
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values, "TARGET");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL* const h = curl_easy_init();
    const std::string url = "https://" + a.host + ":" + a.port + a.path;
    curl_easy_setopt(h, CURLOPT_URL, url.c_str());
    curl_easy_setopt(h, CURLOPT_CAINFO, a.ca_file.c_str());
    curl_easy_setopt(h, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(h, CURLOPT_BUFFERSIZE, static_cast<long>(CURL_MAX_READ_SIZE));
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, &take);
    while (a.take()) {
        bench::file file(a.last);
        curl_easy_setopt(h, CURLOPT_WRITEDATA, &file);
        long status = 0;
        const bool good = curl_easy_perform(h) == CURLE_OK;
        curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
        if (good && status == 200) ++a.done;
    }
    bench::report(a);
}
