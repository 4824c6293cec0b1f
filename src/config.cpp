// client_config::from_env().
#include <cubicasa/config.hpp>

#include <cstdlib>

namespace cubicasa {

client_config client_config::from_env() {
    client_config config;
    if (const char* key = std::getenv("CUBICASA_API_KEY")) config.api_key = secret(key);
    if (const char* url = std::getenv("CUBICASA_BASE_URL"); url != nullptr && *url != '\0') config.base_url = url;
    if (const char* ca = std::getenv("CUBICASA_CA_FILE"); ca != nullptr) config.tls.ca_file = ca;
    return config;
}

}  // namespace cubicasa
