// offices: the company's offices.
#include "list.hpp"

namespace cubicasa::cli {

std::vector<command> office_commands() {
    return {
        {"offices", "list", "The company's offices", "The path is not confirmed.", "cubicasa offices list --all",
         list_parameters(),
         [](session& s, const arguments& given) {
             return list(s, given, list_offices(), {"id", "name"});
         }},
        {"offices",
         "create",
         "One more office",
         "Neither path nor body are public; 'name' is likely.",
         "cubicasa offices create --name Downtown",
         {{"--name", "TEXT", "What it is called", kind::text, false, false, "name"}, json_parameter()},
         [](session& s, const arguments& given) { return send(s, filled<create_office>(s, given)); }},
    };
}

}  // namespace cubicasa::cli
