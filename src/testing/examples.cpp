// The documented answer of "Get order by ID", a reduced one of the live server (contract 3.16), and the documented
// change request (3.23).
#include "examples.hpp"

namespace cubicasa::testing::detail {

namespace {

// clang-format off
constexpr std::string_view documented = R"json({
    "id": "312babc6-e742-4d54-ac49-e0f7b16ec15a",
    "info": {
        "status": "Ready",
        "created_by": "manager@cubicasa.com",
        "location": "121 North Washington Avenue Cubi suite Minneapolis",
        "order_type": "vbim",
        "first_delivered_at": null,
        "created_at": 1716238626.904049,
        "is_scan_order": true,
        "total_scanned_area": 0,
        "go2scan": null,
        "external_id": "EXT10005",
        "add_info": "",
        "style_template": null,
        "model_id": "1487d389-f3f9-44f3-9a36-a0c581df0c06",
        "product": {
            "add_ons": [
                "gla"
            ],
            "over_limits": [],
            "package_type": "plus",
            "purchasable_add_ons": [
                "3d_cad_files"
            ],
            "purchasable_package_types": [
                "plus_3d",
                "plus"
            ]
        }
    },
    "address": {
        "city": "Minneapolis",
        "country": "United States",
        "full_address": "121 North Washington Avenue, Minneapolis, Minnesota 55411, United States",
        "latitude": 44.986947,
        "longitude": -93.275918,
        "number": "",
        "postalCode": "55411",
        "state": "Minnesota",
        "street": "121 North Washington Avenue",
        "suite": "Cubi suite"
    },
    "delivery_assets": {
        "listing_floorplans": {
            "jpg_urls": [
                "https://s3-us-west-2.amazonaws.com/cubi.casa.exporter.output/83351e8e5a3310d49bdc1d0f3f80ab8a/0_4-not-free-aurinkotuulenkatu-cctest-plus_3d---2024-05-08-helsinki-uusimaa-finland-cctest-plus_3d---2024-05-08_0.jpg"
            ],
            "png_urls": [
                "https://s3-us-west-2.amazonaws.com/cubi.casa.exporter.output/83351e8e5a3310d49bdc1d0f3f80ab8a/4_4-not-free-aurinkotuulenkatu-cctest-plus_3d---2024-05-08-helsinki-uusimaa-finland-cctest-plus_3d---2024-05-08_0.png"
            ],
            "svg_urls": [
                "https://s3-us-west-2.amazonaws.com/cubi.casa.exporter.output/83351e8e5a3310d49bdc1d0f3f80ab8a/2_4-not-free-aurinkotuulenkatu-cctest-plus_3d---2024-05-08-helsinki-uusimaa-finland-cctest-plus_3d---2024-05-08_0.svg"
            ],
            "jpg_urls_dim": [
                "https://s3-us-west-2.amazonaws.com/cubi.casa.exporter.output/7e84d189a12b0c5159d976ed6f85cdfe/0_4-not-free-aurinkotuulenkatu-cctest-plus_3d---2024-05-08-helsinki-uusimaa-finland-cctest-plus_3d---2024-05-08_0.jpg"
            ],
            "png_urls_dim": [
                "https://s3-us-west-2.amazonaws.com/cubi.casa.exporter.output/7e84d189a12b0c5159d976ed6f85cdfe/4_4-not-free-aurinkotuulenkatu-cctest-plus_3d---2024-05-08-helsinki-uusimaa-finland-cctest-plus_3d---2024-05-08_0.png"
            ],
            "svg_urls_dim": [
                "https://s3-us-west-2.amazonaws.com/cubi.casa.exporter.output/7e84d189a12b0c5159d976ed6f85cdfe/2_4-not-free-aurinkotuulenkatu-cctest-plus_3d---2024-05-08-helsinki-uusimaa-finland-cctest-plus_3d---2024-05-08_0.svg"
            ],
            "zip_urls": [],
            "zip_urls_dim": [],
            "pdf_urls": [],
            "pdf_urls_dim": []
        },
        "floorplans_3d": {
            "jpg_urls": [
                "https://download.cubi.casa/sample_bundle/floorplan.jpg"
            ]
        },
        "video_3d": {
            "video_urls": [
                "https://download.cubi.casa/sample_bundle/video.mp4"
            ]
        },
        "cad_files": {
            "zip_urls": [
                "https://download.cubi.casa/sample_bundle/cad_files.zip"
            ]
        },
        "gla_package": {
            "image_urls": [
                "https://s3-us-west-2.amazonaws.com/cubi.casa.exporter.output/11c914bd5b7c4c61851f5181d86c8978/0_4-not-free-aurinkotuulenkatu-cctest-plus_3d---2024-05-08-helsinki-uusimaa-finland-cctest-plus_3d---2024-05-08_0.png"
            ],
            "report_urls": [
                "https://s3-us-west-2.amazonaws.com/cubi.casa.exporter.output/11c914bd5b7c4c61851f5181d86c8978/0_4-not-free-aurinkotuulenkatu-cctest-plus_3d---2024-05-08-helsinki-uusimaa-finland-cctest-plus_3d---2024-05-08.pdf"
            ],
            "gla_formula_text": "GLA total: 10 m², excluded areas: 0 m²\n\nFLOOR 1: 10 m²\n-((728.5 + 728.5) * (380.4 - 623.3) + (728.5 + 300) * (623.3 - 623.3) + (300 + 300) * (623.3 - 380.4) + (300 + 728.5) * (380.4 - 380.4)) * 0.5 * 0.0001\n"
        },
        "home_report": {
            "pdf_urls": [
                "https://download.cubi.casa/assets/4f3730de-c412-4ab3-b555-a4a71e497e6f/home_report/HomeReport-1716241586.pdf"
            ]
        },
        "snapshot": {
            "pdf_urls": [
                "https://s3-us-west-2.amazonaws.com/cubi.casa.exporter.output/d7662413fee709e540dc6902eaa2aa5c/0_10-savikkakuja-vantaa-uusimaa-finland-01300_snapshot_report.pdf"
            ],
            "image_urls": []
        },
        "property_data": {
            "json_urls": []
        },
        "tour": {
            "link": "https://visithome.ai/example-tour",
            "mls_compliance_link": "https://unbranded.visithome.ai/example-tour"
        }
    }
})json";

constexpr std::string_view observed = R"json({
    "id": "00000000-0000-4000-8000-000000000001",
    "info": {
        "status": "Ready",
        "order_type": "Tier3-LiDAR",
        "first_delivered_at": 1778406163.891521,
        "created_at": 1778341836.708469,
        "is_scan_order": true,
        "external_id": null,
        "product": {
            "package_type": "plus",
            "add_ons": []
        }
    },
    "address": {
        "full_address": "1 Example Road, Example City, EX 00000, United States",
        "street": "Example Road",
        "number": "1",
        "city": "Example City",
        "state": "Example State",
        "postalCode": "00000",
        "country": "United States",
        "latitude": 10.0,
        "longitude": -10.0
    },
    "delivery_assets": {
        "listing_floorplans": {
            "jpg_urls": [
                "https://files.example/0_0.jpg",
                "https://files.example/0_1.jpg"
            ],
            "jpg_urls_dim": [
                "https://files.example/dim/0_0.jpg",
                "https://files.example/dim/0_1.jpg"
            ],
            "png_urls": [
                "https://files.example/0.png"
            ],
            "svg_urls": [],
            "pdf_urls": [
                "https://files.example/merged.pdf"
            ],
            "pdf_urls_dim": [
                "https://files.example/merged-dim.pdf"
            ],
            "zip_urls": [],
            "zip_urls_dim": []
        },
        "home_report": {
            "pdf_urls": [
                "https://files.example/home-report.pdf"
            ]
        },
        "tour": {
            "link": "https://tour.example/abc?mu=ft",
            "mls_compliance_link": "https://unbranded.tour.example/abc?mu=ft",
            "type": "floorplan_tour"
        },
        "floorplans_3d": null,
        "video_3d": null,
        "gla_package": null,
        "snapshot": {
            "image_urls": null,
            "pdf_urls": null
        },
        "property_data": {
            "json_urls": null
        },
        "cad_files": null
    }
})json";

constexpr std::string_view fix = R"json({
    "id": "010338fb-b1d5-4086-96b9-003285aa3340",
    "img_urls": [
        "https://www.urltoimg.com/1.jpg",
        "https://www.urltoimg.com/2.jpg"
    ],
    "sent_at": 1748455764.159082,
    "text": "fix request text"
})json";
// clang-format on

}  // namespace

std::array<std::string_view, 2> example_orders() noexcept { return {documented, observed}; }

std::string_view example_change_request() noexcept { return fix; }

}  // namespace cubicasa::testing::detail
