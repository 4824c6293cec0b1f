// The open enumerations (contract 5) with all values that are known. Includes only open_enum.hpp.
#pragma once

#include <cubicasa/models/open_enum.hpp>

namespace cubicasa {

// Contract 5.1.
class order_status : public open_enum<order_status> {
public:
    using open_enum::open_enum;
    static const order_status new_order;  // "New": `new` is a keyword
    static const order_status draft;
    static const order_status pending;
    static const order_status ready;
    static const order_status fixing;
};
inline const order_status order_status::new_order{"New"};
inline const order_status order_status::draft{"Draft"};
inline const order_status order_status::pending{"Pending"};
inline const order_status order_status::ready{"Ready"};
inline const order_status order_status::fixing{"Fixing"};

// Contract 5.2.
class order_type : public open_enum<order_type> {
public:
    using open_enum::open_enum;
    static const order_type vbim;
    static const order_type tier3_lidar;
};
inline const order_type order_type::vbim{"vbim"};
inline const order_type order_type::tier3_lidar{"Tier3-LiDAR"};

// Contract 5.3.
class package_type : public open_enum<package_type> {
public:
    using open_enum::open_enum;
    static const package_type base;
    static const package_type plus;
    static const package_type plus_3d;
};
inline const package_type package_type::base{"base"};
inline const package_type package_type::plus{"plus"};
inline const package_type package_type::plus_3d{"plus_3d"};

// Contract 5.4.
class add_on : public open_enum<add_on> {
public:
    using open_enum::open_enum;
    static const add_on gla;
    static const add_on cad_files;  // "3d_cad_files"
    static const add_on express_sla;
};
inline const add_on add_on::gla{"gla"};
inline const add_on add_on::cad_files{"3d_cad_files"};
inline const add_on add_on::express_sla{"express_sla"};

// Contract 5.9.
class tour_type : public open_enum<tour_type> {
public:
    using open_enum::open_enum;
    static const tour_type floorplan_tour;
};
inline const tour_type tour_type::floorplan_tour{"floorplan_tour"};

// Contract 5.5.
class user_role : public open_enum<user_role> {
public:
    using open_enum::open_enum;
    static const user_role manager;       // everything
    static const user_role user;          // scans of the own office, no settings of the company
    static const user_role collaborator;  // own orders only
};
inline const user_role user_role::manager{"Manager"};
inline const user_role user_role::user{"User"};
inline const user_role user_role::collaborator{"Collaborator"};

// Contract 5.6.
class webhook_trigger : public open_enum<webhook_trigger> {
public:
    using open_enum::open_enum;
    static const webhook_trigger moved_to_draft;
    static const webhook_trigger moved_to_pending;
    static const webhook_trigger moved_to_ready;
    static const webhook_trigger moved_to_fixing;
    static const webhook_trigger moved_to_failed;  // "not a supported status yet"
};
inline const webhook_trigger webhook_trigger::moved_to_draft{"moved_to_draft"};
inline const webhook_trigger webhook_trigger::moved_to_pending{"moved_to_pending"};
inline const webhook_trigger webhook_trigger::moved_to_ready{"moved_to_ready"};
inline const webhook_trigger webhook_trigger::moved_to_fixing{"moved_to_fixing"};
inline const webhook_trigger webhook_trigger::moved_to_failed{"moved_to_failed"};

// Contract 5.7: what a webhook says was delivered.
class product_type : public open_enum<product_type> {
public:
    using open_enum::open_enum;
    static const product_type products_2d;
    static const product_type products_3d;
    static const product_type tour;
};
inline const product_type product_type::products_2d{"products_2d"};
inline const product_type product_type::products_3d{"products_3d"};
inline const product_type product_type::tour{"tour"};

// Contract 5.8.
class delivery_type : public open_enum<delivery_type> {
public:
    using open_enum::open_enum;
    static const delivery_type new_delivery;  // "new": a keyword
};
inline const delivery_type delivery_type::new_delivery{"new"};

}  // namespace cubicasa
