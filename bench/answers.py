"""The answers that rows read: made of the documented ones, always the same, and without white space."""
import json

from measure import root

places = [
    # city, state, country, postal code, latitude, longitude, streets
    ("Minneapolis", "Minnesota", "United States", "55411", 44.986947, -93.275918, ["North Washington Avenue", "Plymouth Avenue"]),
    ("New Orleans", "Louisiana", "United States", "70130", 29.958365, -90.066198, ["Bourbon Street", "Rue Dauphine"]),
    ("Austin", "Texas", "United States", "78701", 30.267153, -97.743061, ["Guadalupe Street", "East 6th Street"]),
    ("Vantaa", "Uusimaa", "Finland", "01300", 60.294191, 25.040921, ["Savikkakuja", "Jönsaksentie"]),
]


def text_of(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def number(of, which, bits):
    """The same for the same arguments, and otherwise anything."""
    z = ((of + 1) * 0x9E3779B97F4A7C15 + (which + 1) * 0xBF58476D1CE4E5B9) % 2**64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return (z ^ (z >> 31)) % 2**bits


def identity(of, which):
    digits = f"{number(of, which, 64):016x}{number(of, which + 100, 64):016x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def listed_order(example, i):
    """An order with the members of `example` in their order, and values of its own."""
    city, state, country, postal_code, latitude, longitude, streets = places[number(i, 0, 8) % len(places)]
    street = f"{number(i, 1, 10) + 1} {streets[number(i, 2, 1)]}"
    suite = f"Suite {number(i, 3, 6) + 1}" if i % 3 == 0 else ""
    created_at = 1716238626904049 + i * 86_400_000_000 + number(i, 4, 36)
    delivered = i % 4 != 3
    info = {
        **example["info"],
        "status": "Ready" if delivered else "Pending",
        "created_by": ["manager@cubicasa.com", "anna.virtanen@agency.example", "ben@agency.example"][i % 3],
        "location": " ".join(part for part in [street, suite, city] if part),
        "first_delivered_at": (created_at + number(i, 5, 35)) / 1e6 if delivered else None,
        "created_at": created_at / 1e6,
        "is_scan_order": i % 5 != 4,
        "total_scanned_area": number(i, 6, 12) / 16 if i % 4 else 0,
        "external_id": f"EXT{10005 + i}" if i % 7 != 6 else None,
        "add_info": "Leave out the \"attic\".\nThe garage counts." if i % 10 == 1 else "",
        "style_template": example["info"]["style_template"] if i % 2 == 0 else None,
        "model_id": identity(i, 7) if i % 4 == 0 else None,
    }
    info["product"] = {**example["info"]["product"], "package_type": ["base", "plus", "plus_3d"][i % 3],
                       "add_ons": [["gla"], [], ["gla", "3d_cad_files"]][i % 3]}
    address = {
        **example["address"], "city": city, "country": country, "postalCode": postal_code, "state": state, "street": street,
        "suite": suite, "full_address": f"{street}, {city}, {state} {postal_code}, {country}",
        "latitude": round(latitude + number(i, 8, 16) / 1e6, 6), "longitude": round(longitude + number(i, 9, 16) / 1e6, 6),
    }
    return {"id": identity(i, 10), "info": info, "address": address}


def page_of_orders():
    documented = json.loads((root / "test/data/orders.list.response.json").read_text("utf-8"))
    items = [listed_order(documented["items"][0], i) for i in range(20)]
    return text_of({"pagination": {**documented["pagination"], "has_more": True}, "items": items})


def one_order():
    """The documented order with its assets: its id and its text."""
    order = json.loads((root / "test/data/orders.get.response.json").read_text("utf-8"))
    return order["id"], text_of(order)
