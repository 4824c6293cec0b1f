// See the header.
#include "order_form.hpp"

namespace cubicasa::cli {

parameter text_parameter(const char* name, const char* help, const char* member) {
    return {name, "TEXT", help, kind::text, false, false, member};
}

std::vector<parameter> address_parameters() {
    return {
        text_parameter("--street", "Required", "street"),
        text_parameter("--city", "Required", "city"),
        text_parameter("--country", "Its name; required", "country"),
        text_parameter("--suite", "Of the address", "suite"),
        text_parameter("--state", "Of the address", "state"),
        text_parameter("--postal-code", "Of the address", "postalCode"),
        text_parameter("--info", "Free text", "info"),
        {"--latitude", "DEGREES", "Of the building", kind::number, false, false, "latitude"},
        {"--longitude", "DEGREES", "Of the building", kind::number, false, false, "longitude"},
        text_parameter("--external-id", "Your own reference", "external_id"),
    };
}

std::vector<parameter> purchase_parameters() {
    return {
        {"--package-type",
         "PACKAGE",
         "What to buy",
         kind::text,
         false,
         false,
         "package_type",
         {"base", "plus", "plus_3d"}},
        {"--add-on",
         "ADD_ON",
         "What to buy besides; may be given several times",
         kind::text,
         false,
         true,
         "add_ons",
         {"gla", "3d_cad_files", "express_sla"}},
    };
}

}  // namespace cubicasa::cli
