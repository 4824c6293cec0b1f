// The open enumerations of orders (contract 5) with all values that are known. Includes only open_enum.hpp.
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

}  // namespace cubicasa
