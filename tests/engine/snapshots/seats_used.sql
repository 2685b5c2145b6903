SELECT
  "t13"."account_id",
  "t13"."leaf_0" / NULLIF("t13"."leaf_1", 0.0) AS "m0"
FROM (
  SELECT
    "t3"."account_id",
    "t3"."position",
    CASE
      WHEN DATE '2026-03-31' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t12"."leaf_0" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_0",
    CASE
      WHEN DATE '2026-03-31' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t10"."leaf_1" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_1"
  FROM "requested" AS "t3"
  LEFT OUTER JOIN (
    SELECT
      "t8"."account_id" AS "account_0",
      "t8"."leaf_0"
    FROM (
      SELECT
        "t6"."account_id",
        COUNT(*) FILTER(WHERE
          "t6"."last_0" >= DATE '2026-03-04') AS "leaf_0"
      FROM (
        SELECT
          "t5"."account_id",
          "t5"."user_key",
          MAX("t5"."day") AS "last_0"
        FROM (
          SELECT
            *
          FROM "user_days" AS "t2"
          WHERE
            "t2"."day" <= DATE '2026-03-31'
            AND "t2"."day" >= DATE '2026-03-04'
            AND "t2"."user_key" IS NOT NULL
        ) AS "t5"
        GROUP BY
          1,
          2
      ) AS "t6"
      GROUP BY
        1
    ) AS "t8"
  ) AS "t12"
    ON "t3"."account_id" = "t12"."account_0"
  LEFT OUTER JOIN (
    SELECT
      "t7"."account_id" AS "account_1",
      "t7"."leaf_1"
    FROM (
      SELECT
        "t4"."account_id",
        SUM("t4"."seats") FILTER(WHERE
          (
            "t4"."from_day" <= DATE '2026-03-31'
          )
          AND (
            (
              "t4"."to_day" IS NULL
            ) OR (
              "t4"."to_day" > DATE '2026-03-31'
            )
          )) AS "leaf_1"
      FROM (
        SELECT
          *
        FROM "data_terms" AS "t1"
        WHERE
          "t1"."from_day" <= DATE '2026-03-31'
      ) AS "t4"
      GROUP BY
        1
    ) AS "t7"
  ) AS "t10"
    ON "t3"."account_id" = "t10"."account_1"
) AS "t13"
ORDER BY
  "t13"."position" ASC
